"""The verbs in a row: read, close, simulate, estimate, write, for one deal or for a programme of several."""
