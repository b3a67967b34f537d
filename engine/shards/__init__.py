"""The same work in several processes, each on some of the people."""
