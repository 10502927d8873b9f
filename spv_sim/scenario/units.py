"""Quantities with units: how a scenario writes money, rates, shares and times, both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

HOURS_PER_MONTH = 730
LONGEST = 60
LONGEST_IN_YEARS = 12_000
_NUMBER = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+(?:_\d+)*)(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d{1,2}(?!\d))?", re.ASCII
)
_DOLLARS = re.compile(r"(?:US\$|\$|USD\b)\s*", re.IGNORECASE | re.ASCII)
_SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "mn": 10**6,
    "bn": 10**9,
    "k": 10**3,
    "m": 10**6,
}


class UnitError(ValueError):
    """A quantity that cannot be read; `code` is "unit" or "range", the text says what is allowed."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Kind:
    """One kind of quantity.

    Parameters
    ----------
    noun : what it is called in messages, with its article.
    units : accepted spelling, lower case and without blanks -> factor to the stored value.
    shown : how the unit is written back.
    examples : spellings that parse, best first.
    stored : unit of the stored value, as documentation.
    scales : whether k, m, mn, bn may stand before the unit.
    whole : whether the stored value must be a whole number.
    """

    noun: str
    units: Mapping[str, Fraction]
    shown: str
    examples: tuple[str, ...]
    stored: str
    scales: bool = False
    whole: bool = False

    @property
    def bare(self) -> bool:
        """Whether a number without a unit has a meaning."""
        return "" in self.units

    def parse(self, value: object) -> float | int:
        """Read what the file says into the stored unit; a value is correctly rounded once.

        Raises
        ------
        UnitError : not a quantity of this kind, an unknown or missing unit, or not whole where it must be.
        """
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise UnitError("unit", f"{quote(value)} is not {self.noun}; write {self.advice}")
        if isinstance(value, str):
            exact = self._parse_text(value)
        elif self.bare:
            exact = Fraction(Decimal(repr(value))) * self.units[""]
        else:
            raise UnitError("unit", f"{value!r} has no unit; {self.noun} is written {self.advice}")
        if not self.whole:
            try:
                return float(exact)
            except OverflowError:
                raise UnitError("range", f"{quote(value)} is too large") from None
        if exact.denominator != 1:
            meant = "" if self.bare else f" is {self.format(float(exact))}, which"
            raise UnitError("unit", f"{quote(value)}{meant} is not whole; write {self.advice}")
        return exact.numerator

    def format(self, value: float) -> str:
        """Write a stored value as one would in a file: `parse(format(x)) == x` exactly."""
        exact = Decimal(repr(value))
        if self.shown.startswith("USD") and self.scales:
            for scale, word in ((9, "bn"), (6, "m")):
                scaled = exact.scaleb(-scale)
                if abs(scaled) >= 1 and -int(scaled.normalize().as_tuple().exponent) <= 3:
                    return f"{_digits(scaled)} {word} {self.shown}"
        if self.shown == "months":
            whole_years = 0 < abs(value) < LONGEST_IN_YEARS and value % 12 == 0
            count, unit = (exact / 12, "year") if whole_years else (exact, "month")
            return f"{_digits(count)} {unit}" if count == 1 else f"{_digits(count)} {unit}s"
        if "%" in self.shown:
            return f"{_digits(exact.scaleb(2))} {self.shown}"
        if not self.shown or self.shown == "x":
            return f"{_digits(exact)}{self.shown}"
        return f"{_digits(exact)} {self.shown}"

    @property
    def advice(self) -> str:
        """The examples as a phrase: `"5 years" or "60 months"`."""
        return " or ".join(example if is_plain(example) else f'"{example}"' for example in self.examples[:2])

    def _parse_text(self, text: str) -> Fraction:
        body = text.strip()
        dollars = _DOLLARS.match(body)
        body = body[dollars.end() :] if dollars else body
        number = _NUMBER.match(body)
        if number is None or len(text) > LONGEST:
            raise UnitError("unit", f"{quote(text)} is not {self.noun}; write {self.advice}")
        written = body[number.end() :].strip()
        if written[:1] in {",", ".", "_"} or written[:1].isdigit():
            grouped = "the digits are not grouped clearly; write 3200, 3,200 or 3_200, and 3.2"
            raise UnitError("unit", f"{quote(text)}: {grouped}")
        exact = Fraction(Decimal(number.group().replace(",", "").replace("_", "")))
        factor = self._find_factor("".join(written.split()).casefold(), "usd" if dollars else "")
        if factor is not None:
            return exact * factor
        if not written and not dollars:
            raise UnitError("unit", f"{quote(text)} has no unit; {self.noun} is written {self.advice}")
        allowed = ", ".join(dict.fromkeys((self.shown or "none", *self._spellings())))
        fault = f"{quote((dollars[0] if dollars else '') + written)} is not a unit of {_bare_noun(self.noun)}"
        raise UnitError("unit", f"{quote(text)}: {fault}; allowed: {allowed}, as in {self.advice}")

    def _find_factor(self, written: str, currency: str) -> Fraction | None:
        for word, scale in (("", 1), *(_SCALES.items() if self.scales else ())):
            if written.startswith(word) and (unit := currency + written.removeprefix(word)) in self.units:
                return Fraction(scale) * self.units[unit]
        return None

    def _spellings(self) -> list[str]:
        return [unit.replace("usd", "USD").replace("gpu", "GPU") for unit in self.units if unit]

    @property
    def pattern(self) -> str:
        """ECMA regular expression of the canonical spellings, for editors."""
        number = r"[+-]?[0-9][0-9_,]*(\.[0-9_]+)?([eE][+-]?[0-9]{1,2})?"
        words = "|".join(_SCALES)
        units = [re.escape(unit).replace("/", " */ *") for unit in ("", *self._spellings())]
        money = any(unit.startswith("usd") for unit in self.units)
        after = [unit.removeprefix("USD") for unit in units if unit.startswith("USD")]
        tail = "|".join(unit for unit in units if unit or self.bare)
        scale = f" *({words})?" if self.scales else ""
        plain = f"^ *{number}{scale} *({tail}) *$"
        return f"{plain}|^ *(US\\$|\\$|USD) *{number}{scale} *({'|'.join(after)}) *$" if money else plain

    @property
    def json_schema(self) -> dict[str, object]:
        """What an editor should accept: a string with a unit, and a number where one has a meaning."""
        text: dict[str, object] = {"type": "string", "pattern": self.pattern}
        return {"anyOf": [{"type": "number"}, text]} if self.bare else text


def is_plain(text: str) -> bool:
    """Whether a file would write this without quotes, as a number."""
    return text.lstrip("-").replace("_", "").replace(".", "", 1).isdigit()


def _digits(value: Decimal) -> str:
    if value == 0:
        return "0"
    value = value.normalize()
    if not -12 <= value.adjusted() <= 20:
        return f"{value:e}".replace("e+", "e") if abs(value.adjusted()) < 100 else f"{value:e}"
    return f"{value:,f}"


def quote(value: object) -> str:
    """A value as a message shows it: texts in quotes and cut, tables and lists by name."""
    if isinstance(value, str):
        return '"' + (value if len(value) <= LONGEST else value[: LONGEST - 1] + "…") + '"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10**6 else str(value)


def _bare_noun(noun: str) -> str:
    return noun.split(" ", 1)[1] if noun.split(" ", 1)[0] in {"a", "an"} else noun


_one, _percent, _bps = Fraction(1), Fraction(1, 100), Fraction(1, 10_000)
_rates = {"%/year": _percent, "%": _percent, "bps": _bps, "bps/year": _bps, "%p.a.": _percent, "bp": _bps}
_months = {"months": _one, "month": _one, "years": Fraction(12), "year": Fraction(12)}

MONEY = Kind(
    "an amount of money", {"usd": _one}, "USD", ("50,000 USD", "5.4 bn USD", "885 m USD"), "USD", scales=True
)
MONEY_PER_MONTH = Kind(
    "an amount of money a month",
    {"usd/month": _one, "usd/year": Fraction(1, 12)},
    "USD/month",
    ("5 m USD/month", "60,000 USD/year"),
    "USD/month",
    scales=True,
)
HOURLY = Kind(
    "a price per GPU-hour",
    {"usd/gpu-hour": _one, "usd/gpu-month": Fraction(1, HOURS_PER_MONTH), "usd/gpu-h": _one},
    "USD/GPU-hour",
    ("2.81 USD/GPU-hour", "1,533 USD/GPU-month"),
    "USD/GPU-hour",
)
RATE = Kind("a rate", _rates, "%/year", ("9.5 %", "225 bps", "9.5 %/year"), "1/year")
SHARE = Kind("a share", {"%": _percent, "": _one}, "%", ("70 %", "0.70"), "share")
PERCENT = Kind("a share of the cost", {"%": _percent}, "%", ("16 %",), "share")
OF_PAR = Kind("a price as a share of par", {"%": _percent}, "%", ("97 %",), "share of par")
MONTHLY_SHARE = Kind("a share a month", {"%/month": _percent}, "%/month", ("2.1 %/month",), "share/month")
MONTHS = Kind("a duration", _months, "months", ("5 years", "60 months"), "months", whole=True)
DURATION = Kind("a duration", _months, "months", ("9 months", "1.5 years"), "months")
VOLATILITY = Kind(
    "a volatility",
    {"%/sqrt(year)": _percent, "%/√year": _percent},
    "%/sqrt(year)",
    ("17.7 %/sqrt(year)",),
    "1/sqrt(year)",
)
INTENSITY = Kind("an intensity", {"/year": _one}, "/year", ("0.6 /year",), "1/year")
RATIO = Kind("a ratio", {"x": _one, "": _one}, "x", ("1.20x", "1.20"), "x")
NUMBER = Kind("a number", {"": _one}, "", ("-0.22",), "number")
COUNT = Kind("a whole number", {"": _one}, "", ("108_000", "1"), "count", whole=True)
METRIC = Kind(
    "a number, share or amount",
    {"": _one, "%": _percent, "bps": _bps, "x": _one, "usd": _one, "months": _one, "years": _one},
    "",
    ("1.375", "22.7 %"),
    "the metric's unit",
    scales=True,
)
