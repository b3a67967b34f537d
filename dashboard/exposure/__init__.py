"""What the Popularity & exposure page shows, shaped for its charts and tables."""
