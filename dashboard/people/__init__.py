"""The People page's own parts: finding somebody, their lists at every stage, and the reasons."""
