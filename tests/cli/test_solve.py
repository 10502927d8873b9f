"""`spv-sim solve`: questions as a structurer asks them, answers, JSON, words and exit statuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.invoke import Shell
from tests.given import agrees, given

pytestmark = pytest.mark.usefixtures("compiled")

GOLDEN = Path(__file__).parents[1] / "golden"
X1, E1, E4 = (GOLDEN / f"{name}.toml" for name in ("x1", "e1", "e4"))


def as_json(shell: Shell, *words: object, status: int = 0) -> dict[str, Any]:
    done = shell("solve", *words, "--json", "-q")
    assert (done.status, done.err) == (status, "")
    outcome: dict[str, Any] = json.loads(done.out, parse_constant=pytest.fail)
    assert outcome["schema"] == "spv-sim/solve@1"
    return outcome


@pytest.mark.parametrize(
    ("words", "check"),
    [
        (("--break-even-rate", "15%"), "breakeven_rate_X_irr15"),
        (("--vary", "lease.rate", "--for", "base.equity.irr=15%"), "breakeven_rate_X_irr15"),
        (("--max-gearing", "1.40x"), "max_gearing_dscr140_X"),
    ],
)
def test_shortcuts_give_the_given_answers(shell: Shell, words: tuple[str, ...], check: str) -> None:
    _, expected, tolerance = given(check)
    outcome = as_json(shell, X1, *words)
    (answer,) = outcome["answers"]
    assert outcome["status"] == "solved"
    assert agrees(answer["value"], expected, tolerance)
    assert answer["ci95"] == [answer["value"]] * 2


def test_par_coupon(shell: Shell) -> None:
    _, expected, tolerance = given("par_rate_senior_X")
    sets = ("capital.debt_share=80 %", "workout.mode=liquidate", "workout.claim_recovery=0 %")
    words = [word for assignment in sets for word in ("--set", assignment)]
    outcome = as_json(shell, E1, "--par-coupon", "4%", "--tranche", "senior", *words)
    assert outcome["target"]["discount_rate"] == 0.04
    assert agrees(outcome["answers"][0]["value"], expected, tolerance)


def test_the_flag_of_an_answer_gives_the_target_back(shell: Shell) -> None:
    outcome = as_json(shell, X1, "--break-even-rate", "15%")
    ((key, value),) = outcome["answers"][0]["settings"].items()
    again = as_json(shell, X1, "--break-even-rate", "15%", "--set", f"{key}={value}")
    assert again["target"]["now"] == pytest.approx(0.15, abs=1e-9)
    replay = shell("replay", X1, 0, "--json", "--set", f"{key}={value}")
    assert json.loads(replay.out)["columns"]["equity.irr"] == pytest.approx(0.15, abs=1e-9)


def test_words_of_an_answer(shell: Shell) -> None:
    done = shell("solve", X1, "--break-even-rate", "15%")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("X1 base, no default · lease.rate for base.equity.irr = 15.0 %/year\n")
    for words in (
        "answer       1.263772 USD/GPU-hour gives 15.0 %/year",
        '--set lease.rate="1.26377179',
        "as it stands 1.3 USD/GPU-hour gives 17.8 %/year",
        "no sampling error",
        "the metric rises throughout, one answer",
    ):
        assert words in done.out


def test_a_sampled_answer_has_an_error(shell: Shell) -> None:
    words = ("--vary", "lease.rate", "--for", "equity.irr_of_mean_cash_flow=12%", "--paths", "8192")
    outcome = as_json(shell, E4, *words, "--seed", "3")
    target, (answer,) = outcome["target"], outcome["answers"]
    assert (target["method"], target["paths"], target["seed"]) == ("simulation", 8192, 3)
    assert answer["ci95"][0] < answer["value"] < answer["ci95"][1]
    assert 0 < answer["standard_error"] < 0.01
    done = shell("solve", E4, *words, "--workers", "1")
    assert "± " in done.out
    assert "(95 %)" in done.out
    assert "8,192 paths, seed 1" in done.out


def test_no_solution(shell: Shell) -> None:
    words = (X1, "--vary", "capital.tranche.coupon", "--for", "base.spv.min_dscr=9x")
    assert as_json(shell, *words, status=1)["status"] == "no_solution"
    done = shell("solve", *words)
    assert done.status == 1
    assert "no solution  no value looked at gives 9.00x" in done.out
    assert "nearest      0 %/year gives 2.12x" in done.out


def test_22_several_answers_are_all_shown(shell: Shell) -> None:
    words = (X1, "--vary", "capital.debt_share", "--for", "base.equity.irr=19%")
    done = shell("solve", *words)
    assert done.status == 0
    assert done.out.count("  answer ") == 3
    assert "the metric neither rises nor falls, 3 answers, all shown" in done.out
    quiet = shell("solve", *words, "-q")
    assert len(quiet.out.splitlines()) == 3
    assert all(line.endswith(" %") for line in quiet.out.splitlines())


def test_first_loss(shell: Shell) -> None:
    done = shell("solve", E1, "--first-loss", "--discount", "8%")
    assert done.status == 0
    assert "E1 default by hazard, re-let · first loss of senior" in done.out
    assert "hazard times        4.4245" in done.out
    assert "never, up to" in done.out
    assert "the rise of prices that it would need" in done.out
    outcome = as_json(shell, E1, "--first-loss", "--default-month", "40")
    parts = outcome["first_loss"]["senior"]
    assert parts.keys() == {"hazard_multiple", "expected_haircut", "stressed_haircut"}
    assert parts["stressed_haircut"]["target"]["default_month"] == 40


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "nothing is asked"),
        (("--vary", "lease.rate"), "--vary KEY and --for METRIC=VALUE go together"),
        (("--for", "equity.irr=1"), "--vary KEY and --for METRIC=VALUE go together"),
        (("--break-even-rate", "15%", "--max-gearing", "1.4x"), "exclude each other"),
        (("--break-even-rate", "15%", "--discount", "4%"), "--discount has a meaning only with"),
        (("--max-gearing", "1.4x", "--default-month", "9"), "--default-month has a meaning only with"),
        (("--max-gearing", "1.4x", "--tranche", "senior"), "--tranche has a meaning only with"),
        (("--break-even-rate", "x%"), '--break-even-rate x%: error[unit] "x%"'),
        (("--par-coupon", "4%", "--tranche", "snior"), "did you mean `senior`?"),
        (("--vary", "lease.rat", "--for", "base.equity.irr=15%"), "did you mean `lease.rate`?"),
        (("--vary", "lease.rate", "--for", "base.equity.iir=15%"), "did you mean `base.equity.irr`?"),
        (("--first-loss", "--default-month", "99"), "outside the lease"),
        (("--break-even-rate", "15%", "--paths", "0"), "--paths 0: error[range]"),
        (("--break-even-rate", "15%", "--set", "lease.rat=1"), "error[unknown-key]"),
    ],
)
def test_faults_are_told_at_their_place(shell: Shell, words: tuple[str, ...], told: str) -> None:
    done = shell("solve", X1, *words)
    assert (done.status, done.out) == (2, "")
    assert told in done.err


def test_a_file_that_is_not_there(shell: Shell, tmp_path: Path) -> None:
    done = shell("solve", tmp_path / "absent.toml", "--break-even-rate", "15%")
    assert done.status == 2
    assert "error[unreadable]" in done.err
