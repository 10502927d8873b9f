"""Leases whose rents follow from the lessee's filed figures."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from tests.strategies import Document, Draw, Size, between, months, usd

CLOSING = datetime.date(2027, 1, 1)
SAID_BY_FIGURES = ("rate", "rate_factor", "implicit_rate", "implicit_residual", "commitment")


def months_later(count: int) -> datetime.date:
    """A first of a month after closing."""
    years, month = divmod(CLOSING.month - 1 + count, 12)
    return CLOSING.replace(year=CLOSING.year + years, month=1 + month)


@st.composite
def maturities(draw: Draw, size: Size, owed: float) -> Document:
    """A maturity table of one to four periods, of a balance that need not be that of the lease."""
    every = size.lease_every
    at = every * draw(st.integers(0, 4))
    parts = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    balance = owed * draw(between(0.2, 1.5, 1))
    table: Document = {"at": months_later(at), "balance": usd(balance), "source": "drawn", "principal": {}}
    table["payments_left"] = usd(balance * draw(between(1.01, 1.8, 2)))
    for part in parts:
        at += every * draw(st.integers(1, 6))
        table["principal"][months_later(at).isoformat()] = usd(balance * part / sum(parts))
    return table


@st.composite
def add_filed(draw: Draw, document: Document, size: Size) -> None:
    """Say the rents of a document that closes at completion by filed figures alone."""
    document["deal"]["closing"] = CLOSING
    lease = document["lease"]
    for name in SAID_BY_FIGURES:
        lease.pop(name, None)
    lease |= {"timing": "arrears", "escalation": "0 %", "holiday": {}}
    number, unit = lease["first_payment"].split()
    first = float(number) * (size.cost / 100 if unit == "%" else 1)
    owed = size.cost * draw(between(0.3, 1.5, 2))
    filed: Document = {
        "opening": {"amount": usd(first + owed), "source": "drawn"},
        "total": {"amount": usd(first + owed * draw(between(1.01, 2, 2))), "source": "drawn"},
        "rents": draw(st.sampled_from(["stepped", "level"])),
    }
    if filed["rents"] == "stepped":
        filed["maturity"] = draw(maturities(size, owed))
    lease["filed"] = filed


def close_at_completion(document: Document) -> None:
    """Take the construction period out of a plain document."""
    built = int(document["grid"]["construction"].split()[0])
    document["grid"]["construction"] = months(0)
    for batch in document["fleet"]["batch"].values():
        batch["delivery"] = months(0)
    credit = document["credit"]
    if "default_month" in credit:
        credit["default_month"] = months(int(credit["default_month"].split()[0]) - built)
