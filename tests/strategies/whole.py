"""Valid scenarios over the whole schema: plain deals with every further table and setting mixed in."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

from spv_sim.scenario.model import Scenario
from tests.strategies import Document, Draw, Size, build, mostly
from tests.strategies.contracts import add_contract
from tests.strategies.debts import capitals, equities, maintenance, waterfalls
from tests.strategies.defaults import guarantors, outcomes, releases
from tests.strategies.markets import add_credit, add_curve, add_workout, correlations, rates, utilisations
from tests.strategies.plain import documents as plain_documents
from tests.strategies.plain import lease_rates

CLOSINGS = [datetime.date(2026, 10, 31), datetime.date(2028, 2, 29), datetime.date(2027, 1, 1)]


def count_of(duration: str) -> int:
    """Months of a duration as this package writes it."""
    return int(duration.split()[0])


def size_of(document: Document) -> Size:
    """What the further tables must fit to."""
    (tranche,) = document["capital"]["tranche"].values()
    batches = document["fleet"]["batch"].values()
    prices = [int(batch["unit_cost"].split()[0]) for batch in batches]
    units = [batch["units"] for batch in batches]
    return Size(
        construction=count_of(document["grid"]["construction"]),
        term=count_of(document["lease"]["term"]),
        units=sum(units),
        cost=sum(price * count for price, count in zip(prices, units, strict=True)),
        lease_every=count_of(document["lease"]["payment_every"]),
        debt_every=count_of(tranche["payment_every"]),
    )


@st.composite
def documents(draw: Draw) -> Document:
    """A scenario as its file would say it."""
    document = draw(plain_documents())
    size = size_of(document)
    lease, workout = document["lease"], document["workout"]
    last_end = draw(add_contract(document, size))
    draw(add_credit(document["credit"]))
    draw(add_workout(workout, size))
    draw(add_curve(document["gpu_price"]))
    right = lease["end_of_term"]
    needs_market = "index" in lease or "renewal_months" in right or "re_let" in right
    if document["lease_rate"] is None and needs_market:
        document["lease_rate"] = draw(lease_rates(size.cost, size.units, size.term))
    has_market = document["lease_rate"] is not None
    if draw(st.booleans()):
        document["credit"]["outcome"] = draw(outcomes(has_market))
    if draw(mostly(False, st.booleans())):
        document["credit"]["guarantor"] = draw(guarantors(size))
    if document["gpu_price"]["curve"]["kind"] != "hedonic" and draw(mostly(False, st.booleans())):
        document["gpu_price"]["release"] = draw(releases(has_market))
    if lease.get("billing") == "used" or draw(st.booleans()):
        document["utilisation"] = draw(utilisations())
    if draw(st.booleans()):
        document["rates"] = draw(rates())
        document["deal"]["closing"] = draw(st.sampled_from(CLOSINGS))
    walks = document["credit"].get("engine") in ("first_passage", "black_cox")
    document["correlation"] = draw(correlations(walks or "default_month" in document["credit"]))
    longest = last_end - size.construction + count_of(right.get("re_let", "0 months"))
    document["capital"] = draw(capitals(size, longest, "rates" in document))
    if draw(st.booleans()):
        document["capital"] |= draw(equities())
    if draw(st.booleans()):
        document["accounts"]["maintenance"] = draw(maintenance(size))
    tranches = document["capital"]["tranche"]
    if draw(st.booleans()):
        document["waterfall"] = draw(waterfalls(tranches, "maintenance" in document["accounts"]))
    return document


def scenarios() -> st.SearchStrategy[Scenario]:
    """Valid scenarios; some cannot close."""
    return documents().map(build)
