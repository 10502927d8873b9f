"""One market factor a file: how a path moves it by one month."""
