"""Rules of a priority of payments: steps that can work, and no one left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from spv_sim.scenario.accounts import Accounts
from spv_sim.scenario.capital import Capital, Tranche
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.covenant import Covenants, to_cure
from spv_sim.scenario.faults import suggest
from spv_sim.scenario.locate import Path
from spv_sim.scenario.text import said
from spv_sim.scenario.waterfall import Step, Waterfall, has_fees, with_letter

NEEDS = {
    "pay": ("what", "accounts"),
    "prepay": ("to",),
    "cure": ("to", "accounts", "covenants"),
    "release": ("accounts",),
    "top_up": (),
    "distribute": (),
}
TAKES = {kind: {*needs, "when"} for kind, needs in NEEDS.items()} | {
    "pay": {"what", "to", "accounts", "when", "covenants"},
    "prepay": {"to", "share", "when", "covenants"},
    "release": {"accounts", "when", "up_to"},
    "top_up": {"when", "reserve"},
}
CURES_FROM = frozenset(("trap", "cash", "equity"))
WRITTEN = {"accounts": "from"}
RESERVES = {"maintenance": "maintenance", "working_capital": "operating cost"}
"""Reserves that a deal may have, and what for."""


def check_waterfall(tables: Tables) -> Iterator[Breach]:
    """Both lists, where the file gives them."""
    waterfall, capital = tables.take("waterfall", Waterfall), tables.take("capital", Capital)
    if waterfall is None or capital is None:
        return
    accounts = tables.take("accounts", Accounts)
    for name, steps in (("step", waterfall.step), ("step_in_default", waterfall.step_in_default)):
        if steps:
            at: Path = ("waterfall", name)
            for number, step in enumerate(steps):
                yield from check_step(step, (*at, number), list(capital.tranche))
            yield from check_order(steps, at)
            yield from check_steps_of_covenants(steps, at, capital.covenant, name == "step")
            yield from check_all_served(steps, at, capital.tranche)
            yield from check_letters(steps, at, with_letter(capital.tranche), name == "step")
            if name == "step":
                yield from check_reserve(steps, at, capital)
            if accounts is not None:
                yield from check_reserves(steps, at, accounts, name == "step")


def check_step(step: Step, at: Path, tranches: list[str]) -> Iterator[Breach]:
    """One step has what its kind needs and no more, and names tranches that exist."""
    where = said(at)
    for field in ("what", "to", "accounts", "share", "covenants", "reserve", "up_to"):
        written, given = WRITTEN.get(field, field), bool(getattr(step, field))
        if given and field not in TAKES[step.kind]:
            message = f"{where}: a step of kind {step.kind} takes no `{written}`"
            yield Breach((*at, written), message, key=True)
        if not given and field in NEEDS[step.kind]:
            yield Breach(at, f"{where}: a step of kind {step.kind} needs `{written}`", "missing-key")
    if step.kind == "prepay" and not step.share and not step.covenants:
        yield Breach(at, f"{where}: a step of kind prepay needs `share` or `covenants`", "missing-key")
    if "equity" in step.accounts and step.kind != "cure":
        yield Breach((*at, "from"), f"{where}: the shareholders contribute to cures alone")
    if step.kind == "cure" and not CURES_FROM.issuperset(step.accounts):
        yield Breach((*at, "from"), f"{where}: a cure draws on {', '.join(sorted(CURES_FROM))} alone")
    if step.kind == "pay" and step.what not in (None, "costs") and not step.to:
        yield Breach(at, f"{where}: {step.what} needs `to`, the tranches that it goes to", "missing-key")
    if step.kind == "pay" and step.what == "costs" and step.to:
        yield Breach((*at, "to"), f"{where}: costs are not paid to a tranche", key=True)
    for number, name in enumerate(step.to):
        if name not in tranches:
            near = suggest(name, tranches)
            help = f"did you mean {near}?" if near else f"there are: {', '.join(tranches)}"
            yield Breach((*at, "to", number), f"{where}: there is no tranche {name}", "unknown-name", help)
        if name in step.to[:number]:
            yield Breach((*at, "to", number), f"{where}: {name} is named twice")
    if step.kind == "release" and "cash" in step.accounts:
        yield Breach((*at, "from"), f"{where}: cash cannot be released into itself")


def check_order(steps: list[Step], at: Path) -> Iterator[Breach]:
    """Nothing draws on what an earlier step has emptied; one distribution, at the end."""
    emptied: dict[str, int] = {}
    for number, step in enumerate(steps):
        here = (*at, number)
        if any(before.kind == "distribute" for before in steps[:number]):
            message = f"{said(here)}: no cash is left behind the distribution; move it in front"
            yield Breach(here, message, "unreachable")
            continue
        for account in step.accounts:
            if account in emptied and step.kind in ("pay", "release") and account != "cash":
                first = emptied[account] + 1
                message = f"{said(here)}: {account} is empty here, step {first} has released it"
                if step.what != "costs":
                    yield Breach((*here, "from"), message, "cash-used-twice")
        if step.kind == "release" and step.when == "always" and step.up_to is None:
            emptied |= dict.fromkeys(step.accounts, number)
    if not any(step.kind == "distribute" for step in steps):
        yield Breach(at, f"{said(at)}: no step of kind distribute, so the cash would pile up", "missing-key")


def check_all_served(steps: list[Step], at: Path, tranches: Mapping[str, Tranche]) -> Iterator[Breach]:
    """Costs, and the fees, interest and principal of every tranche, are paid from cash by some step."""
    paying = [step for step in steps if step.kind == "pay" and "cash" in step.accounts]
    served = {(step.what, name) for step in paying for name in (step.to or [""])}
    wanted = [("costs", "")] + [(what, name) for name in tranches for what in ("interest", "principal")]
    wanted += [("fees", name) for name, tranche in tranches.items() if has_fees(tranche)]
    for what, name in wanted:
        if (what, name) not in served:
            claim = f"{what} of {name}" if name else what
            yield Breach(at, f"{said(at)}: no step pays {claim} from cash", "missing-key")


def check_reserve(steps: list[Step], at: Path, capital: Capital) -> Iterator[Breach]:
    """The debt service reserve is kept at its target where a tranche has one."""
    letters = with_letter(capital.tranche)
    kept = [
        name
        for name, held in capital.tranche.items()
        if (held.dsra and name not in letters) or (held.refinance and held.refinance.dsra)
    ]
    name = next(iter(kept), None)
    if name and not any(step.kind == "top_up" and step.reserve != "maintenance" for step in steps):
        message = f"{said(at)}: no step fills and releases the debt service reserve of {name}"
        yield Breach(at, message, "missing-key", help='add a step of kind "top_up"')


def check_letters(steps: list[Step], at: Path, tranches: list[str], performing: bool) -> Iterator[Breach]:
    """Each letter of credit is drawn on while the debt performs, and paid back; there are no others."""
    drawn = False
    for number, step in enumerate(steps):
        draws, here = "letter_of_credit" in step.accounts, (*at, number)
        drawn = drawn or draws
        if draws and step.kind == "release":
            message = f"{said(here)}: a letter of credit pays what is due and holds no cash"
            yield Breach((*here, "from"), message)
        unknown = [name for name in step.to if step.what == "letter_of_credit" and name not in tranches]
        if unknown or (draws and not tranches):
            whose = f" of {unknown[0]}" if unknown else ""
            help = 'set dsra_kind = "letter_of_credit" in its tranche'
            yield Breach(here, f"{said(here)}: there is no letter of credit{whose}", "unknown-name", help)
    if tranches and performing and not drawn:
        message = f"{said(at)}: no step draws on the letter of credit of {tranches[0]}"
        yield Breach(at, message, "missing-key", help='add "letter_of_credit" to `from` of a step that pays')
    paid_back = {name for step in steps if step.what == "letter_of_credit" for name in step.to}
    for name in tranches:
        if name not in paid_back:
            yield Breach(at, f"{said(at)}: no step pays back the letter of credit of {name}", "missing-key")


def check_steps_of_covenants(
    steps: list[Step], at: Path, covenants: Covenants, performing: bool
) -> Iterator[Breach]:
    """A covenant that acts through steps is named by one of them, and by none that it does not act on."""
    blocking = {name for name, covenant in covenants.items() if covenant.blocks_junior}
    sweeping = {name for name, covenant in covenants.items() if covenant.consequence == "sweep"}
    acting = {"pay": blocking, "prepay": sweeping, "cure": set(to_cure(covenants))}
    named: dict[str, set[str]] = {kind: set() for kind in acting}
    for number, step in enumerate(steps):
        here = (*at, number)
        named.get(step.kind, set()).update(step.covenants)
        for place, name in enumerate(step.covenants):
            if name not in covenants:
                near = suggest(name, covenants)
                help = f"did you mean {near}?" if near else f"there are: {', '.join(covenants) or 'none'}"
                message = f"{said(here)}: there is no covenant {name}"
                yield Breach((*here, "covenants", place), message, "unknown-name", help)
            elif not performing or name not in acting.get(step.kind, covenants):
                message = f"{said(here)}: {name} does nothing to a step of kind {step.kind} here"
                yield Breach((*here, "covenants", place), message)
        if step.kind == "cure" and len(step.covenants) > 1:
            yield Breach((*here, "covenants"), f"{said(here)}: a cure serves one covenant")
    for kind, names in acting.items() if performing else ():
        for name in sorted(names - named[kind]):
            message = f"{said(at)}: no step of kind {kind} names capital.covenant.{name}, which acts on one"
            yield Breach(at, message, "missing-key")


def check_reserves(steps: list[Step], at: Path, accounts: Accounts, performing: bool) -> Iterator[Breach]:
    """A reserve is filled where there is one, comes free again, and else has no step."""
    for name, what in RESERVES.items():
        if not getattr(accounts, name):
            for number, step in enumerate(steps):
                if step.reserve == name or name in step.accounts:
                    message = f"{said((*at, number))}: there is no reserve for {what}"
                    yield Breach((*at, number), message, "unknown-name", f"say accounts.{name}")
        elif performing and not any(step.reserve == name for step in steps):
            message = f"{said(at)}: no step fills the reserve of accounts.{name}"
            yield Breach(at, message, "missing-key", help=f'add a step top_up with reserve = "{name}"')
        elif not performing and not any(
            step.kind == "release" and name in step.accounts and step.up_to is None for step in steps
        ):
            message = f"{said(at)}: no step releases the reserve of accounts.{name}"
            yield Breach(at, message, "missing-key", help='add it to `from` of a step of kind "release"')
