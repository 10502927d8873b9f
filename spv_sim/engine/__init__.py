"""Runs paths: one path over market and deal, and many paths over chunks, lanes and threads."""
