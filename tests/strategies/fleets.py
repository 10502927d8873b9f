"""Units that fail, are destroyed, replaced or missed, and generations of them."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.strategies import Document, Draw, between, months, mostly, percent


@st.composite
def failures(draw: Draw, triple_net: bool) -> Document:
    """Rates up to one that leaves few units, with every way to replace them."""
    if draw(st.booleans()):
        found: Document = {"annual_rate": percent(draw(between(0, 0.9, 2)))}
    else:
        found = {
            "bathtub": {
                "early_shape": draw(between(0.1, 0.9, 1)),
                "early_scale": f"{draw(st.integers(1, 500))} years",
                "constant_rate": percent(draw(mostly(0.0, between(0, 0.5, 2)))),
                "wear_shape": draw(between(1.5, 6, 1)),
                "wear_scale": f"{draw(st.integers(1, 10))} years",
            }
        }
    found["common_variance"] = draw(mostly(0.0, between(0, 3, 1)))
    warranty = draw(mostly(0, st.integers(1, 24)))
    if warranty:
        found |= {"warranty": months(warranty), "replacement_lag": months(draw(st.integers(0, 6)))}
    match draw(st.sampled_from(["none", "spares", "service_level"])):
        case "spares":
            found |= {"spares": draw(st.integers(1, 5000)), "spare_lag": months(draw(st.integers(1, 6)))}
            found["spare_cost"] = draw(mostly(None, st.just("9_000 USD")))
        case "service_level":
            level = percent(draw(between(0.5, 0.99, 2)))
            found |= {"service_level": level, "spare_lag": months(draw(st.integers(1, 6)))}
    if triple_net and draw(st.booleans()):
        found |= {"return_condition": "stipulated_loss", "missing_value": "9_000 USD"}
    return found


@st.composite
def casualties(draw: Draw, has_values: bool) -> Document:
    """Rare and frequent ones, small and total, with or without insurance."""
    found: Document = {
        "rate": f"{draw(st.sampled_from([0.0, 0.1, 1.0, 12.0]))} /year",
        "loss": percent(draw(mostly(1.0, between(0.01, 1, 2)))),
    }
    if draw(st.booleans()):
        return found | {"insured": False}
    found |= {"deductible": "1 m USD", "payment_lag": months(draw(st.integers(0, 24)))}
    if not has_values:
        found |= {"book_life": months(draw(st.integers(1, 90)))}
    return found | {"covers_replacement": draw(st.booleans())}


@st.composite
def add_losses(draw: Draw, document: Document) -> None:
    """Let units of a document fail, burn or both, and the rent abate by them."""
    lease, kind = document["lease"], draw(st.sampled_from(["failures", "casualty", "both"]))
    if kind != "casualty":
        document["fleet"]["failures"] = draw(failures(lease["triple_net"]))
    if kind != "failures":
        document["fleet"]["casualty"] = draw(casualties("early_termination" in lease))
    lease["hell_or_high_water"] = draw(st.booleans())


@st.composite
def add_generations(draw: Draw, document: Document) -> None:
    """Let some batches be of another generation, known or not, and their rent be by unit or not."""
    lease, fleet = document["lease"], document["fleet"]
    names = draw(st.sampled_from([["H100", "B200"], ["H100", "own"], ["own", "A100"]]))
    for batch in fleet["batch"].values():
        batch["generation"] = draw(st.sampled_from(names))
    if any(batch["generation"] == "own" for batch in fleet["batch"].values()):
        fleet["generation"] = {"own": {"h100_equivalents": draw(between(0.1, 4, 1))}}
    if "rate" in lease:
        lease["rate_per"] = draw(st.sampled_from(["unit", "h100_equivalent"]))
