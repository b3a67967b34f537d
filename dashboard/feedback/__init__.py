"""The parts of the page about feedback: what a setting leads to, and what it would have earned."""
