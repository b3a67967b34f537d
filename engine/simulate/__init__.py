"""What happens if a setting runs for a year: lists, plays, new history, lists again."""
