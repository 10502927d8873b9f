"""Finds the value of a setting at which a metric meets a target: brackets, crossings, honest failures."""
