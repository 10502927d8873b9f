"""Shows results: figures, tables, the page and the terminal summary."""
