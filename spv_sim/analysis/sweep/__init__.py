"""Many deals on one market: settings varied over a grid, and what becomes of the metrics."""
