"""What a fitted pipeline does, stage by stage, and the most that it could reach."""
