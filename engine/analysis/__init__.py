"""Questions about many settings at once: what a metric could be, what it costs, which to take."""
