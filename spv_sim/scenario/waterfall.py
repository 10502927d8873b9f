"""The `waterfall` table: who is paid from what, in which order; the usual order where the file is silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from spv_sim.scenario.accounts import Accounts
from spv_sim.scenario.capital import Capital, Tranche
from spv_sim.scenario.covenant import NO_COVENANTS, Covenants, rank_of, to_cure
from spv_sim.scenario.quantities import Share
from spv_sim.scenario.table import Table, setting

Account = Literal["cash", "trap", "dsra", "working_capital", "maintenance", "letter_of_credit", "equity"]
Claim = Literal["costs", "fees", "interest", "principal", "letter_of_credit"]

PLAIN = Accounts()
"""Accounts without reserves but that for debt service."""


class Step(Table):
    """One step of a priority of payments. What it does decides which of its settings have a meaning."""

    kind: Literal["pay", "top_up", "prepay", "cure", "release", "distribute"] = setting(
        "Kind of step",
        "pay: what is due, as far as the accounts reach. top_up: bring a reserve to its "
        "target from cash, or what lies above it into cash. prepay: repay debt early with a share of "
        "the cash. cure: repay debt early until a covenant on the collateral holds. release: move accounts "
        "into cash. distribute: test the covenants, and pay cash and trap to the shareholders where every "
        "lock-up test passes, else put the cash into the trap.",
        examples=("pay",),
    )
    what: Claim | None = setting(
        "Claim",
        "What a step that pays serves, with its arrears; letter_of_credit: what its bank has paid, with "
        "interest.",
        default=None,
        examples=("interest",),
    )
    to: list[str] = setting(
        "Tranches",
        "Tranches that a payment of fees, interest, principal, a prepayment or a cure goes to, pro rata; "
        "those whose letter of credit is paid back.",
        make=list,
        max_length=50,
        examples=('["senior"]',),
    )
    accounts: list[Account] = setting(
        "Accounts",
        "Accounts that a payment or cure draws on, in this order, or that a release empties; "
        "letter_of_credit: those that stand for a reserve; equity: what the shareholders pay to a cure.",
        make=list,
        max_length=7,
        alias="from",
        examples=('["cash", "trap", "dsra"]',),
    )
    share: Share | None = setting(
        "Share of the cash", "Share of the cash at hand that prepays debt.", default=None, gt=0
    )
    covenants: list[str] = setting(
        "Covenants",
        "Names of covenants. A payment waits while one of them fails, a prepayment takes the sweep of those "
        "that fail, a cure serves one.",
        make=list,
        max_length=50,
        examples=('["appraisal"]',),
    )
    reserve: Literal["dsra", "working_capital", "maintenance"] | None = setting(
        "Reserve", "Reserve that a top-up fills; silent: that for debt service.", default=None
    )
    up_to: Literal["enforcement", "costs"] | None = setting(
        "Limit of a release",
        "A release moves no more than the month's enforcement, or than all costs due, in every month; "
        "silent: all that is there, on payment dates.",
        default=None,
        examples=("enforcement",),
    )
    when: Literal["always", "last_date"] = setting(
        "When", "On every payment date, or on the last one only.", default="always", examples=("always",)
    )


class Waterfall(Table):
    """The priority of payments. Costs are paid in every month, all else on payment dates."""

    step: list[Step] = setting(
        "Steps",
        "Steps in order while the debt performs; on the last date all accounts join the cash before the "
        "first. Silent: the usual order, which `spv-sim explain waterfall` prints.",
        make=list,
        max_length=100,
    )
    step_in_default: list[Step] = setting(
        "Steps in default",
        "Steps in order from an event of default on, when all debt is due; silent: the usual order.",
        make=list,
        max_length=100,
    )


def pay(what: Claim, to: list[str], *accounts: Account, unless: Iterable[str] = ()) -> Step:
    """A step that pays, unless one of some covenants fails."""
    return Step(kind="pay", what=what, to=to, accounts=list(accounts), covenants=list(unless))


def serve(to: list[str], unless: Iterable[str] = ()) -> list[Step]:
    """Interest and principal out of cash alone."""
    return [pay("interest", to, "cash", unless=unless), pay("principal", to, "cash", unless=unless)]


def groups_of(tranches: Mapping[str, Tranche]) -> Iterator[list[str]]:
    """Names of the tranches rank by rank, the most senior first."""
    for rank in sorted({tranche.rank for tranche in tranches.values()}):
        yield [name for name, tranche in tranches.items() if tranche.rank == rank]


def with_letter(tranches: Mapping[str, Tranche]) -> list[str]:
    """Names of the tranches whose reserve is a letter of credit."""
    return [name for name, tranche in tranches.items() if tranche.dsra_kind == "letter_of_credit"]


def has_fees(tranche: Tranche) -> bool:
    """Whether anything but interest and principal is due to a tranche."""
    return tranche.agency_fee > 0 or tranche.letter_of_credit_fee > 0


def fees_of(group: list[str], tranches: Mapping[str, Tranche], *accounts: Account) -> list[Step]:
    """The step that pays the fees of a rank, where it has any."""
    charged = [name for name in group if has_fees(tranches[name])]
    return [pay("fees", charged, *accounts)] if charged else []


def usual_steps(
    tranches: Mapping[str, Tranche], accounts: Accounts = PLAIN, covenants: Covenants = NO_COVENANTS
) -> list[Step]:
    """The order while the debt performs. Source: model 9.2, R7."""
    senior, *junior = groups_of(tranches)
    upkeep, letters = accounts.maintenance, with_letter(tranches)
    reserves: list[Account] = ["trap", "dsra"]
    support: list[Account] = [*reserves, "letter_of_credit"] if letters else reserves
    for_costs: list[Account] = ["working_capital"] if accounts.working_capital else []
    steps = [Step(kind="release", accounts=["maintenance"], up_to=upkeep.pays)] if upkeep else []
    steps += [
        pay("costs", [], "cash", *for_costs, *support),
        *fees_of(senior, tranches, "cash", *support),
        pay("interest", senior, "cash"),
        pay("principal", senior, "cash"),
        pay("interest", senior, *support),
        pay("principal", senior, *support),
        *([pay("letter_of_credit", letters, "cash", *reserves)] if letters else []),
        Step(kind="top_up"),
        *([Step(kind="top_up", reserve="working_capital")] if for_costs else []),
        *([Step(kind="top_up", reserve="maintenance")] if upkeep else []),
        Step(kind="release", accounts=["trap"], when="last_date"),
        *cures_from_trap(senior, tranches, covenants),
    ]
    for group in junior:
        steps += fees_of(group, tranches, "cash")
        steps += serve(group, unless=blocks_of(group, tranches, covenants))
    steps += cures(senior, junior, tranches, covenants)
    for name in (name for group in (senior, *junior) for name in group):
        of_name = (name, None) if name == senior[0] else (name,)
        swept_by = [n for n, of in covenants.items() if of.consequence == "sweep" and of.tranche in of_name]
        share = tranches[name].cash_sweep or None
        if share or swept_by:
            steps.append(Step(kind="prepay", to=[name], share=share, covenants=swept_by))
    return [*steps, Step(kind="distribute")]


def blocks_of(group: list[str], tranches: Mapping[str, Tranche], covenants: Covenants) -> list[str]:
    """Covenants that keep payments from a rank behind them."""
    rank = tranches[group[0]].rank
    return [name for name, of in covenants.items() if of.blocks_junior and rank_of(of, tranches) < rank]


def cures_from_trap(
    senior: list[str], tranches: Mapping[str, Tranche], covenants: Covenants
) -> Iterator[Step]:
    """Cures of the first rank from the trap, which is its security before the ranks behind are paid."""
    for name, covenant in to_cure(covenants).items():
        if rank_of(covenant, tranches) == tranches[senior[0]].rank:
            yield Step(kind="cure", to=senior, accounts=["trap"], covenants=[name])


def cures(
    senior: list[str], junior: list[list[str]], tranches: Mapping[str, Tranche], covenants: Covenants
) -> Iterator[Step]:
    """Cures behind the debt service of all ranks, for rank after rank of the debt that is tested."""
    for name, covenant in to_cure(covenants).items():
        rank = rank_of(covenant, tranches)
        held: list[Account] = ["cash"] if rank == tranches[senior[0]].rank else ["trap", "cash"]
        if covenant.equity_cures:
            held.append("equity")
        for group in (senior, *junior):
            if tranches[group[0]].rank <= rank:
                yield Step(kind="cure", to=group, accounts=held, covenants=[name])


def usual_steps_in_default(tranches: Mapping[str, Tranche], accounts: Accounts = PLAIN) -> list[Step]:
    """The order from an event of default on. Source: model 9.3, R8."""
    held: list[Account] = ["trap", "dsra"]
    if accounts.working_capital:
        held.append("working_capital")
    if accounts.maintenance:
        held.append("maintenance")
    steps = [Step(kind="release", accounts=held), pay("costs", [], "cash", *held)]
    letters = with_letter(tranches)
    for number, group in enumerate(groups_of(tranches)):
        steps += fees_of(group, tranches, "cash")
        steps += serve(group)
        if letters and number == 0:
            steps.append(pay("letter_of_credit", letters, "cash"))
    return [*steps, Step(kind="distribute")]


def steps_of(
    waterfall: Waterfall, capital: Capital, accounts: Accounts = PLAIN
) -> tuple[list[Step], list[Step]]:
    """The steps that a deal runs on: its own, or the usual ones; performing and in default."""
    return (
        waterfall.step or usual_steps(capital.tranche, accounts, capital.covenant),
        waterfall.step_in_default or usual_steps_in_default(capital.tranche, accounts),
    )
