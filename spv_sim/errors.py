"""The one user-facing error: where, what was found, what is allowed, what to do."""

from __future__ import annotations

from dataclasses import dataclass

USAGE = 2
POINTS_FAILED = 3
CANNOT_WRITE = 4
BUG = 70
LINE_WIDTH = 160


@dataclass(frozen=True)
class Problem:
    """One fault of an input, with its place where the place is known."""

    code: str
    message: str
    key: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    source: str | None = None
    length: int = 1
    help: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        message = f"error[{self.code}] {self.message}"
        head = printable(f"{place}: {message}" if place else message)
        if self.source is None or self.line is None or self.column is None:
            return f"{head}\n  {printable(self.help)}" if self.help else head
        line, column, length = _window(self.source, self.column, max(1, self.length))
        margin = " " * len(str(self.line))
        hint = f" {printable(self.help)}" if self.help else ""
        return f"{head}\n{margin} |\n{self.line} | {line}\n{margin} | {' ' * column}{'^' * length}{hint}"


def printable(text: str) -> str:
    """The text on one line, with characters that a terminal would obey written as escapes."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _window(source: str, column: int, length: int) -> tuple[str, int, int]:
    """The part of a line around a column, the caret's offset in it and its length."""
    clean = "".join(
        character if character.isprintable() else " " if character == "\t" else "�" for character in source
    )
    start = max(0, column - 1 - LINE_WIDTH // 2) if len(clean) > LINE_WIDTH else 0
    part = clean[start : start + LINE_WIDTH]
    opening, closing = "…" if start else "", "…" if start + LINE_WIDTH < len(clean) else ""
    offset = column - 1 - start
    return f"{opening}{part}{closing}", offset + len(opening), max(1, min(length, LINE_WIDTH - offset))


class UserError(Exception):
    """Raised for whatever the user can mend: carries every problem found at once.

    Parameters
    ----------
    *problems : the faults, in file order.
    exit_code : process status, 2 for a usage or scenario error, 4 where a result could not be written.
    """

    def __init__(self, *problems: Problem, exit_code: int = USAGE) -> None:
        self.problems = problems
        self.exit_code = exit_code
        super().__init__("\n".join(str(problem) for problem in problems))
