"""What to try next: policies that learn while they show, and what learning costs."""
