"""Debt of one to four tranches, by every amortisation and size, and priorities of payments of their own."""

from __future__ import annotations

from itertools import groupby

from hypothesis import strategies as st

from tests.strategies import Document, Draw, Size, between, months, mostly, percent, usd

AMORTISATIONS = ("level", "straight_line", "sculpted", "bullet", "custom", "scheduled_share")
SIZES = ("debt_share", "advance_rate", "commitment", "target_dscr", "max_ltv")


@st.composite
def profiles(draw: Draw, dates: int) -> Document:
    """Amortisation and what goes with it."""
    table: Document = {"amortisation": draw(st.sampled_from(AMORTISATIONS))}
    match table["amortisation"]:
        case "level" | "straight_line":
            table["balloon"] = percent(draw(mostly(0.0, between(0, 0.9, 1))))
        case "custom":
            weights = draw(st.lists(st.integers(0, 5), min_size=dates, max_size=dates))
            weights[-1] += 1
            table["repayment"] = [weight / sum(weights) for weight in weights]
        case "sculpted":
            table["negative_amortisation"] = draw(st.sampled_from(["clamp", "allow"]))
        case "scheduled_share":
            table["scheduled_share"] = f"{draw(between(0, 5, 1))} %/month"
    return table


@st.composite
def tranches(
    draw: Draw, size: Size, longest: int, room: float, target: float, case: str, has_rates: bool
) -> Document:
    """Terms of a tranche that takes up to `room` of the uses; its rank shares target and case."""
    every = size.debt_every
    tenor = every * draw(st.integers(1, longest // every))
    table: Document = {
        **draw(interests(every, has_rates)),
        "tenor": months(tenor),
        "payment_every": months(every),
        **draw(profiles(tenor // every)),
        "pik": draw(st.booleans()),
        "default_margin": percent(draw(mostly(0.0, between(0, 0.05, 3)))),
        "interest_on_arrears": draw(st.sampled_from(["none", "coupon"])),
        "upfront_fee": percent(draw(between(0, 0.03))),
        "oid": percent(draw(between(0, 0.03))),
        "commitment_fee": percent(draw(between(0, 0.02))),
        "dsra": months(draw(mostly(0, st.integers(0, min(6, tenor))))),
        "dsra_kind": draw(st.sampled_from(["cash", "sweep", "letter_of_credit"])),
        "agency_fee": f"{draw(mostly(0, st.integers(0, size.cost // 5000)))} USD/month",
        "prepayment_premium": draw(mostly(None, st.just(["3 %", "1.5 %"]))),
        "letter_of_credit_fee": percent(draw(mostly(0.0, between(0, 0.03, 3)))),
        "letter_of_credit_margin": percent(draw(mostly(0.0, between(0, 0.05, 3)))),
        "lock_up_dscr": draw(mostly(None, between(0.5, 2.0, 2))),
        "grace": draw(st.integers(1, 4)),
        "cash_sweep": percent(draw(mostly(0.0, between(0.05, 1, 2)))),
    }
    if table["dsra"] == months(0):
        table["dsra_kind"] = "cash"
    if table["dsra_kind"] != "letter_of_credit":
        table.pop("letter_of_credit_margin")
        table.pop("letter_of_credit_fee")
    if draw(st.booleans()):
        table["availability"] = months(draw(st.integers(0, size.construction)))
    sizes = {
        "debt_share": percent(room * draw(between(0, 1, 2))),
        "advance_rate": percent(room * draw(between(0, 1, 2))),
        "commitment": usd(room * size.cost * draw(between(0, 1, 2))),
        "target_dscr": f"{target}x",
        "max_ltv": [percent(draw(between(0, 1, 1))) for _ in range(draw(st.integers(1, 3)))],
    }
    said = draw(st.sets(st.sampled_from(SIZES), max_size=2)) | {draw(st.sampled_from(SIZES[:3]))}
    if table["amortisation"] == "sculpted":
        said = said | {"target_dscr"}
    if "target_dscr" in said:
        table["sizing_case"] = case
    return table | {name: value for name, value in sizes.items() if name in said}


@st.composite
def interests(draw: Draw, every: int, has_rates: bool) -> Document:
    """A fixed coupon, or a floating one with or without a floor and a hedge."""
    if not has_rates or draw(st.booleans()):
        return {"coupon": percent(draw(between(0, 0.16, 4)))}
    table: Document = {
        "base_rate": draw(st.sampled_from([f"term_{every}m", "compounded"])),
        "margin": percent(draw(between(0, 0.1, 3))),
        "floor": draw(mostly(None, between(-0.01, 0.05, 3).map(percent))),
    }
    if draw(st.booleans()):
        table["hedge_share"] = percent(draw(between(0.1, 1, 1)))
        table["cap_rate"] = draw(mostly(None, between(0, 0.06, 3).map(percent)))
    return table


@st.composite
def equities(draw: Draw) -> Document:
    """Classes of equity, with or without preference and promote."""
    parts = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    classes: Document = {}
    for number, part in enumerate(parts):
        preferred = number > 0 and draw(st.booleans())
        classes[f"class{number}"] = {
            "share": part / sum(parts),
            "kind": "preferred" if preferred else "common",
            "vendor": draw(st.booleans()),
        }
        if preferred:
            classes[f"class{number}"] |= {
                "rate": percent(draw(between(0, 0.2, 2))),
                "pik": draw(st.booleans()),
            }
    table: Document = {"equity": classes}
    if draw(st.booleans()):
        carry = draw(between(0.05, 0.4, 2))
        catch_up = draw(st.sampled_from([0.0, 1.0, min(1.0, carry + 0.3)]))
        table["promote"] = {"hurdle": percent(draw(between(0, 0.15, 2))), "carry": percent(carry)}
        table["promote"] |= {"catch_up": percent(catch_up), "to": "class0"}
    return table


def has_fees(tranche: Document) -> bool:
    """Whether a tranche has an agent or a bank to pay."""
    return not tranche["agency_fee"].startswith("0 ") or not tranche.get(
        "letter_of_credit_fee", "0.000000 %"
    ).startswith("0.000000")


@st.composite
def capitals(draw: Draw, size: Size, longest: int, has_rates: bool) -> Document:
    """Tranches that together leave room for some equity."""
    count = draw(st.integers(1, 4))
    ranks = [draw(st.integers(1, 3)) for _ in range(count)]
    targets = {rank: draw(between(1, 3, 1)) for rank in range(1, 4)}
    cases = [draw(mostly("base", st.sampled_from(["p50", "p90", "p99"]))) for _ in targets]
    least = draw(mostly(0.0, between(0, 0.2, 2)))
    table: Document = {
        "funding": draw(st.sampled_from(["pro_rata", "equity_first", "debt_first"])),
        "min_equity": percent(least),
        "interest_in_cfads": draw(mostly(True, st.booleans())),
        "sale_in_cfads": draw(mostly(False, st.booleans())),
        "other_costs": usd(size.cost * draw(mostly(0.0, between(0, 0.02, 3)))),
        "tranche": {
            f"tranche{number}": {
                "rank": rank,
                **draw(
                    tranches(
                        size,
                        longest,
                        0.9 * (1 - least) / count,
                        targets[rank],
                        cases[rank - 1],
                        has_rates,
                    )
                ),
            }
            for number, rank in enumerate(ranks)
        },
    }
    if table["funding"] != "pro_rata":
        for tranche in table["tranche"].values():
            tranche.pop("availability", None)
    return table


@st.composite
def maintenance(draw: Draw, size: Size) -> Document:
    """A reserve for the upkeep of the units."""
    each = size.cost / size.units
    said = draw(st.sampled_from([("target",), ("contribution",), ("target", "contribution")]))
    table: Document = {"pays": draw(st.sampled_from(["enforcement", "costs"]))}
    if "target" in said:
        table["target"] = usd(each * draw(between(0.001, 0.1, 3)))
    if "contribution" in said:
        table["contribution"] = f"{each * draw(between(0.0001, 0.01, 4)):.6f} USD/month"
    return table


@st.composite
def steps_of_covenants(
    draw: Draw, covenants: Document, tranches: Document, steps: list[Document]
) -> list[Document]:
    """Steps that covenants act through; payments that they block are marked among those there are."""
    found: list[Document] = []
    for name, covenant in covenants.items():
        of, then = covenant["tranche"], covenant["consequence"]
        rank = min(terms["rank"] for terms in tranches.values()) if of is None else tranches[of]["rank"]
        if covenant.get("blocks_junior"):
            debt = [step for step in steps if step.get("what") in ("interest", "principal")]
            for step in draw(st.lists(st.sampled_from(debt), min_size=1, max_size=2, unique_by=id)):
                step.setdefault("covenants", []).append(name)
        if then == "sweep":
            to = [of or min(tranches, key=lambda each: tranches[each]["rank"])]
            found.append({"kind": "prepay", "to": to, "covenants": [name]})
        if then in ("prepay", "default") and covenant["kind"] in ("ltv", "borrowing_base"):
            to = [each for each, terms in tranches.items() if terms["rank"] <= rank]
            payers = ["trap", "cash", *(["equity"] if covenant["equity_cures"] else [])]
            some = draw(st.lists(st.sampled_from(payers), min_size=1, unique=True))
            found.append({"kind": "cure", "to": to, "from": some, "covenants": [name]})
    return found


@st.composite
def waterfalls(draw: Draw, tranches: Document, reserves: list[str], covenants: Document) -> Document:
    """Priorities of payments that serve everyone, in any order of ranks, from any accounts.

    `reserves` are those beside the one for debt service, which some steps fill twice.
    """
    order = sorted(tranches, key=lambda name: tranches[name]["rank"])
    groups = [list(names) for _, names in groupby(order, key=lambda name: tranches[name]["rank"])]
    groups = draw(st.permutations(groups))
    if draw(st.booleans()):
        groups = [[name] for group in groups for name in group]

    letters = [name for name in order if tranches[name]["dsra_kind"] == "letter_of_credit"]
    bank = ["letter_of_credit"] if letters else []

    def accounts() -> list[str]:
        others = draw(st.permutations(["trap", "dsra", *reserves, *bank]))
        return ["cash", *others[: draw(st.integers(0, len(others)))]]

    steps: list[Document] = [{"kind": "pay", "what": "costs", "from": accounts()}]
    if reserves and draw(st.booleans()):
        limit = draw(st.sampled_from(["costs", "enforcement"]))
        steps.insert(0, {"kind": "release", "from": reserves, "up_to": limit})
    charged = [name for name in order if has_fees(tranches[name])]
    claims = [(what, group) for group in groups for what in ("interest", "principal")]
    if draw(st.booleans()):
        claims.sort(key=lambda claim: claim[0] == "principal")
    claims = [("fees", [name]) for name in charged] + claims
    steps += [{"kind": "pay", "what": what, "to": group, "from": accounts()} for what, group in claims]
    if letters:
        # Someone draws on the letters, and the bank is paid back out of the accounts alone.
        steps[draw(st.integers(1, len(steps) - 1))]["from"] = ["cash", "trap", "dsra", *bank]
        paid_back = {"kind": "pay", "what": "letter_of_credit", "to": letters, "from": ["cash"]}
        steps.insert(draw(st.integers(1, len(steps))), paid_back)
    extra: list[Document] = [{"kind": "top_up"}, *({"kind": "top_up", "reserve": name} for name in reserves)]
    extra += draw(st.lists(st.sampled_from(extra), max_size=1))
    for _ in range(draw(st.integers(0, 2))):
        some = draw(st.lists(st.sampled_from(order), min_size=1, unique=True))
        extra.append({"kind": "prepay", "to": some, "share": percent(draw(between(0.05, 1, 2)))})
    extra += draw(steps_of_covenants(covenants, tranches, steps))
    for step in extra:
        steps.insert(draw(st.integers(1, len(steps))), step)
    if draw(st.booleans()):
        steps.append({"kind": "release", "from": ["trap"], "when": "last_date"})
    table: Document = {"step": [*steps, {"kind": "distribute"}]}
    if draw(st.booleans()):
        freed = draw(st.permutations(["trap", "dsra", *reserves]))
        rest: list[Document] = [
            {"kind": "pay", "what": "costs", "from": ["cash"]},
            *(
                {"kind": "pay", "what": "letter_of_credit", "to": [name], "from": ["cash"]}
                for name in letters
            ),
            *({"kind": "pay", "what": what, "to": group, "from": ["cash"]} for what, group in claims),
        ]
        if draw(st.booleans()):
            share = percent(draw(between(0.05, 1, 2)))
            early = {"kind": "prepay", "to": draw(st.permutations(order)), "share": share}
            rest.insert(draw(st.integers(1, len(rest))), early)
        for account in freed:
            place = draw(st.sampled_from([0, 0, len(rest) // 2]))
            rest.insert(place, {"kind": "release", "from": [account]})
        table["step_in_default"] = [*rest, {"kind": "distribute"}]
    return table
