"""Closes a scenario: everything known at financial close is computed here, once, in readable numpy."""
