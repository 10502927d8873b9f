"""Defines what a figure function hands back: the picture, its words and its numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows of ready-made text under a header; the first column names the row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """One figure: file stem, section of the page, finding, how to read it, text in its place, SVG, table."""

    name: str
    section: str
    finding: str
    reading: str
    alt: str
    svg: str
    table: Table
