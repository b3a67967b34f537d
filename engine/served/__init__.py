"""Lists over HTTP, from the same artifacts: what was decided is what is served."""
