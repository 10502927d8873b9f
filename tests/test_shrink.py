"""What a failing deal does not need is dropped, and what it needs stays."""

from __future__ import annotations

from tests.shrink import breaks, shrink
from tests.strategies import Document

DOCUMENT: Document = {
    "schema": 1,
    "grid": {"construction": "3 months", "tail": "12 months"},
    "lease": {"holiday": {"first": {"paid": "0 %"}}, "term": "12 months"},
    "waterfall": {"step": [{"kind": "pay"}, {"kind": "top_up", "reserve": "dsra"}, {"kind": "pay"}]},
}


def test_only_what_fails_is_left() -> None:
    def fails(document: Document) -> bool:
        steps = document.get("waterfall", {}).get("step", [])
        return "tail" in document.get("grid", {}) and any(step.get("kind") == "top_up" for step in steps)

    assert shrink(DOCUMENT, fails) == {
        "grid": {"tail": "12 months"},
        "waterfall": {"step": [{"kind": "top_up"}]},
    }
    assert DOCUMENT["grid"]["construction"] == "3 months"


def test_nothing_goes_where_all_is_needed() -> None:
    assert shrink(DOCUMENT, lambda document: document == DOCUMENT) == DOCUMENT


def test_a_deal_that_cannot_be_read_raises() -> None:
    assert breaks("raises UserError")({"schema": 1})
    assert not breaks("I2")({"schema": 1})
