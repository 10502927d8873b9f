"""Simulates the cash flows of vehicles that buy GPUs with equity and debt and lease them."""

__version__ = "0.1.0"
