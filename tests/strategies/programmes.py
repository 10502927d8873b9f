"""Programmes of two or three vehicles, with and without what ties them together."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.strategies import Document, Draw, between, hourly, months, mostly, percent
from tests.strategies.debts import waterfalls
from tests.strategies.whole import count_of, documents


@st.composite
def vehicles(draw: Draw, document: Document) -> Document:
    """What a vehicle changes of the deal that all have in common."""
    own: Document = {
        "fleet": {"batch": {name: {} for name in document["fleet"]["batch"]}},
        "accounts": {"interest_rate": percent(draw(mostly(0.0, between(0, 0.05, 3))))},
        "workout": {"downtime": document["workout"]["downtime"]},
    }
    for batch in own["fleet"]["batch"].values():
        batch["units"] = draw(st.integers(1, 200_000))
        if document["gpu_price"]["scrap_value"].startswith("0 "):
            batch["unit_cost"] = f"{draw(st.integers(10_000, 60_000))} USD"
    if document["grid"].get("periods_per_year") != 1:
        own["workout"]["downtime"] = months(draw(st.integers(0, 18)))
        own["grid"] = {"construction": months(later(draw(st.integers(0, 3)), document))}
    if "working_capital" not in document["accounts"]:
        own["opex"] = {"per_month": f"{draw(st.integers(0, 10**7))} USD/month"}
    if "rate" in document["lease"]:
        own["lease"] = {"rate": hourly(draw(between(0.1, 5, 2)))}
    tranches: Document = {}
    for name, terms in document["capital"]["tranche"].items():
        tranches[name] = {"grace": draw(st.integers(1, 4)), "pik": draw(st.booleans())}
        if "coupon" in terms:
            tranches[name]["coupon"] = percent(draw(between(0, 0.16, 4)))
        if "waterfall" not in document:
            tranches[name]["cash_sweep"] = percent(draw(mostly(0.0, between(0.05, 1, 2))))
    if draw(mostly(False, st.booleans())):
        reserves = [name for name in ("maintenance", "working_capital") if name in document["accounts"]]
        tests = document["capital"].get("covenant", {})
        own["waterfall"] = draw(waterfalls(document["capital"]["tranche"], reserves, tests))
    own["capital"] = {"tranche": tranches, "min_equity": percent(draw(mostly(0.0, between(0, 0.05, 2))))}
    return own


def later(months_more: int, document: Document) -> int:
    """Months to a completion that may be later than that of the programme, where nothing else is dated."""
    built, lease = count_of(document["grid"]["construction"]), document["lease"]
    dated = lease["holiday"] or "early_termination" in lease or "filed" in lease or "rent_start" in lease
    dated = dated or any("refinance" in tranche for tranche in document["capital"]["tranche"].values())
    if dated or document["credit"]["clock"] == "cod" or "default_month" in document["credit"]:
        return built
    return built + months_more


@st.composite
def programmes(draw: Draw) -> Document:
    """A programme as its file would say it."""
    document = draw(documents())
    names = [f"vehicle{number}" for number in range(draw(st.integers(2, 3)))]
    document["spv"] = {name: draw(vehicles(document)) for name in names}
    for vehicle in document["spv"].values():
        vehicle["cross_default"] = draw(st.booleans())
    if draw(st.booleans()):
        document["capital"].pop("equity", None)
        document["capital"].pop("promote", None)
        sharing = draw(st.lists(st.sampled_from(names), min_size=2, unique=True))
        for name in sharing:
            document["spv"][name]["cross_collateral"] = True
    return document
