"""What was shown, what it would have earned, and what to try next."""
