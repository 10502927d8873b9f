"""A priority of payments of one's own: what it may say, and what is said of one that cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from spv_sim.errors import UserError
from spv_sim.scenario.accounts import Accounts, Maintenance
from spv_sim.scenario.explain_waterfall import usual_order, write_steps
from spv_sim.scenario.read import read
from spv_sim.scenario.waterfall import usual_steps, usual_steps_in_default
from tests.closing.deals import base

SCENARIOS = Path(__file__).parents[2] / "scenarios"
COSTS = 'kind = "pay"\nwhat = "costs"\nfrom = ["cash", "trap", "dsra"]'
INTEREST = 'kind = "pay"\nwhat = "interest"\nto = ["senior"]\nfrom = ["cash", "dsra"]'
PRINCIPAL = 'kind = "pay"\nwhat = "principal"\nto = ["senior"]\nfrom = ["cash", "dsra"]'
REST = 'kind = "distribute"'
RESERVE = 'kind = "top_up"'
SOUND = (COSTS, INTEREST, PRINCIPAL, RESERVE, REST)
UPKEEP = 'kind = "top_up"\nreserve = "maintenance"'
TABLE = "[accounts.maintenance]\ntarget = '400 USD'"
COSTLY = "[lease]\ntriple_net = false\n[opex]\nper_month = '1 m USD/month'\n"
COSTLY += "[accounts]\nworking_capital = '3 months'"
REPAID = 'kind = "pay"\nwhat = "letter_of_credit"\nto = ["senior"]\nfrom = ["cash"]'
DRAWN = (COSTS, INTEREST.replace('"dsra"', '"letter_of_credit"'), PRINCIPAL, REPAID, REST)
LETTER = "[capital.tranche.senior]\ndsra_kind = 'letter_of_credit'"
IN_DEFAULT = tuple(f"[[waterfall.step_in_default]]\n{step}" for step in SOUND)


def scenario_file(folder: Path, *steps: str) -> Path:
    parent = folder / "vci-h100.toml"
    parent.write_text((SCENARIOS / "vci-h100.toml").read_text())
    file = folder / "own.toml"
    lists = "\n".join(step if step[0] == "[" else f"[[waterfall.step]]\n{step}\n" for step in steps)
    file.write_text(f'schema = 1\nextends = "vci-h100.toml"\n{lists}')
    return file


def faults(folder: Path, *steps: str) -> list[tuple[str, str]]:
    with pytest.raises(UserError) as caught:
        read(scenario_file(folder, *steps))
    assert all(problem.file and problem.line for problem in caught.value.problems)
    return [(problem.code, problem.message) for problem in caught.value.problems]


def test_a_sound_list_is_read(tmp_path: Path) -> None:
    steps = read(scenario_file(tmp_path, *SOUND)).scenario.waterfall.step
    assert [step.kind for step in steps] == ["pay", "pay", "pay", "top_up", "distribute"]
    assert steps[1].accounts == ["cash", "dsra"]


@pytest.mark.parametrize(
    ("steps", "code", "words"),
    [
        ((COSTS, INTEREST, PRINCIPAL, 'kind = "dance"'), "choice", "dance"),
        ((COSTS, INTEREST.replace('"senior"', '"senoir"'), PRINCIPAL, REST), "unknown-name", "senoir"),
        ((COSTS, INTEREST.replace('"dsra"', '"vault"'), PRINCIPAL, REST), "choice", "vault"),
        ((COSTS, PRINCIPAL, REST), "missing-key", "no step pays interest of senior"),
        ((INTEREST, PRINCIPAL, REST), "missing-key", "no step pays costs"),
        ((COSTS, INTEREST, PRINCIPAL), "missing-key", "the cash would pile up"),
        ((COSTS, INTEREST, PRINCIPAL, REST), "missing-key", "no step fills and releases the debt service"),
        (
            (COSTS, INTEREST.replace('["cash", "dsra"]', '["dsra"]'), PRINCIPAL, RESERVE, REST),
            "missing-key",
            "no step pays interest of senior from cash",
        ),
        ((COSTS, INTEREST, REST, PRINCIPAL), "unreachable", "no cash is left behind the distribution"),
        ((*SOUND, REST), "unreachable", "no cash is left behind the distribution"),
        (
            ('kind = "release"\nfrom = ["dsra"]', *SOUND),
            "cash-used-twice",
            "dsra is empty here, step 1 has released it",
        ),
        ((*SOUND[:3], 'kind = "release"\nfrom = ["cash"]', REST), "rule", "into itself"),
        ((*SOUND[:3], 'kind = "prepay"\nto = ["senior"]', REST), "missing-key", "needs `share`"),
        (
            (*SOUND[:3], 'kind = "prepay"\nto = ["senior"]\nshare = "120 %"', REST),
            "range",
            "is above 1",
        ),
        ((COSTS, INTEREST.replace('to = ["senior"]\n', ""), PRINCIPAL, REST), "missing-key", "needs `to`"),
        ((COSTS + '\nto = ["senior"]', INTEREST, PRINCIPAL, REST), "rule", "not paid to a tranche"),
        ((*SOUND[:3], REST + '\nshare = "10 %"'), "rule", "takes no `share`"),
        ((*SOUND[:3], UPKEEP, REST), "unknown-name", "there is no reserve for maintenance"),
        (
            ('kind = "release"\nfrom = ["maintenance"]\nup_to = "costs"', *SOUND),
            "unknown-name",
            "step.1: there is no reserve for maintenance",
        ),
        ((*SOUND[:3], 'kind = "top_up"\nup_to = "costs"', REST), "rule", "takes no `up_to`"),
        ((*SOUND[:3], REST + '\nreserve = "dsra"'), "rule", "takes no `reserve`"),
        ((*SOUND[:3], UPKEEP.replace("maintenance", "trap"), REST), "choice", '"trap" is not one of'),
        (
            (COSTS.replace('"trap"', '"letter_of_credit"'), *SOUND[1:]),
            "unknown-name",
            "step.1: there is no letter of credit",
        ),
        ((*SOUND[:3], REPAID, REST), "unknown-name", "there is no letter of credit of senior"),
        ((LETTER, *DRAWN[:3], REST), "missing-key", "no step pays back the letter of credit of senior"),
        (
            (LETTER, *SOUND[:3], REPAID, REST),
            "missing-key",
            "no step draws on the letter of credit",
        ),
        (
            (LETTER, 'kind = "release"\nfrom = ["letter_of_credit"]', *DRAWN),
            "rule",
            "step.1: a letter of credit pays what is due and holds no cash",
        ),
        (
            (LETTER, *DRAWN, *IN_DEFAULT),
            "missing-key",
            "step_in_default: no step pays back the letter of credit of senior",
        ),
        ((TABLE, *SOUND), "missing-key", "no step fills the reserve of accounts.maintenance"),
        (
            (TABLE, *SOUND[:3], UPKEEP, REST, *IN_DEFAULT),
            "missing-key",
            "no step releases the reserve of accounts.maintenance",
        ),
        ((COSTLY, *SOUND), "missing-key", "no step fills the reserve of accounts.working_capital"),
        (
            (*SOUND[:3], UPKEEP.replace("maintenance", "working_capital"), REST),
            "unknown-name",
            "there is no reserve for operating cost",
        ),
        ((COSTLY.replace("3 months", "-1 months"), *SOUND), "range", "is below 0 months"),
        ((COSTLY.replace("false", "true"), *SOUND), "rule", "nothing to hold: the lessee bears all"),
        ((COSTLY.replace("1 m USD", "0 USD"), *SOUND), "rule", "nothing to hold: opex.per_month is 0"),
        (("[accounts.maintenance]\npays = 'costs'", *SOUND), "missing-key", "needs a target, a contribution"),
        (("[accounts.maintenance]\ntarget = '0 USD'", *SOUND), "range", "is not above 0 USD"),
        (("[accounts.maintenance]\ncontribution = '5 USD'", *SOUND), "unit", '"5 USD"'),
        (("[accounts.maintenance]\ntarget = '5 USD'\npays = 'rent'", *SOUND), "choice", "not one of enforc"),
        (
            (COSTS, INTEREST.replace('["senior"]', '["senior", "senior"]'), PRINCIPAL, REST),
            "rule",
            "named twice",
        ),
    ],
)
def test_a_list_that_cannot_work_is_refused(
    tmp_path: Path, steps: tuple[str, ...], code: str, words: str
) -> None:
    found = faults(tmp_path, *steps)
    assert any(code == each and words in message for each, message in found), found


def test_the_printed_usual_order_is_a_list_that_can_be_read(tmp_path: Path) -> None:
    tranches = base("vci-h100").capital.tranche
    for name, steps in (
        ("step", usual_steps(tranches)),
        ("step_in_default", usual_steps_in_default(tranches)),
    ):
        file = scenario_file(tmp_path)
        file.write_text(file.read_text() + "\n".join(write_steps(name, steps)))
        assert getattr(read(file).scenario.waterfall, name) == steps
    assert usual_order().count("[[waterfall.step]]") == 14


def test_the_usual_order_with_every_reserve_can_be_read(tmp_path: Path) -> None:
    """What `spv-sim explain waterfall` prints, for the deal's own tranche."""
    accounts = Accounts(maintenance=Maintenance(target="400 USD"), working_capital="3 months")
    tranches = base("vci-h100", "capital.tranche.senior.dsra_kind=letter_of_credit").capital.tranche
    file = scenario_file(tmp_path, COSTLY, TABLE, LETTER)
    file.write_text(f"{file.read_text()}\n{usual_order(tranches, accounts)}")
    waterfall = read(file).scenario.waterfall
    assert waterfall.step == usual_steps(tranches, accounts)
    assert waterfall.step_in_default == usual_steps_in_default(tranches, accounts)
