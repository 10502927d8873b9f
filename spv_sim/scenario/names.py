"""Names that results use for one thing in every deal, and that nothing in a scenario may take."""

RESERVED = frozenset(
    (
        "bank",
        "base_case",
        "covenant",
        "deal",
        "equity",
        "guarantor",
        "lessee",
        "refinancing",
        "sponsor",
        "spv",
        "vendor",
    ),
)
"""Each stands before a dot in the name of a result, as in ``equity.irr``."""

FOR_CLASSES = frozenset(("sponsor", "vendor"))
"""Those of them that a class of equity may take."""
