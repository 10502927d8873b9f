"""Parents, overrides and removals: who speaks last, who gives way, and what may not be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spv_sim.errors import UserError
from spv_sim.scenario.read import read
from spv_sim.scenario.starter import STARTER
from tests.scenario.base import EXAMPLES, place_of, spoil

STARTER_FILE = EXAMPLES[-1]
KEYS = [
    "lease.rate",
    "deal.name",
    "deal.closing",
    "credit.hazard",
    "monte_carlo.seed",
    "gpu_price.curve",
    "correlation",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "base.toml").write_text(STARTER)
    return tmp_path


def child(folder: Path, text: str, name: str = "child.toml") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def refusal(path: Path, *sets: str) -> UserError:
    with pytest.raises(UserError) as fault:
        read(path, sets)
    assert fault.value.exit_code == 2
    return fault.value


def test_tables_join_and_the_child_speaks_last(folder: Path) -> None:
    loaded = read(child(folder, 'extends = "base.toml"\n[lease]\nterm = "6 years"\n[deal]\nname = "Child"\n'))
    lease = loaded.scenario.lease
    assert (lease.term, lease.rate, loaded.scenario.deal.name) == (72, 1.6, "Child")
    assert loaded.files == (str(folder / "base.toml"), str(folder / "child.toml"))
    assert loaded.text.startswith("extends")
    assert str(loaded.origins["lease.term"]) == f"{folder / 'child.toml'}:3"
    line, _ = place_of(STARTER, 'rate = "1.60 USD/GPU-hour"')
    assert str(loaded.origins["lease.rate"]) == f"{folder / 'base.toml'}:{line}"
    assert loaded.origins["lease.rate"].text == "1.60 USD/GPU-hour"
    assert str(loaded.origins["lease.escalation"]) == "default"


def test_arrays_are_replaced(folder: Path) -> None:
    child(folder, 'extends = "base.toml"\n[credit]\nhazard = ["9 %", "8 %", "7 %"]\n', "middle.toml")
    loaded = read(child(folder, 'extends = "middle.toml"\n[credit]\nhazard = ["1 %"]\n'))
    assert loaded.scenario.credit.hazard == (0.01,)


GIVES_WAY = [
    ("[lease]\nrate_factor = '2 %/month'", "lease", "rate_factor", 0.02, "rate"),
    ("[lease]\nimplicit_rate = '10 %'\nimplicit_residual = '5 %'", "lease", "implicit_rate", 0.10, "rate"),
    ("[capital]\nadvance_rate = 0.5", "capital", "advance_rate", 0.5, "debt_share"),
    ("[credit]\ndefault_month = '24 months'", "credit", "default_month", 24, None),
]


@pytest.mark.parametrize(("text", "table", "name", "value", "gone"), GIVES_WAY)
def test_the_parents_alternative_gives_way(
    folder: Path, text: str, table: str, name: str, value: float, gone: str | None
) -> None:
    held = getattr(read(child(folder, f'extends = "base.toml"\n{text}\n')).scenario, table)
    assert getattr(held, name) == value
    assert gone is None or getattr(held, gone) is None
    assert table != "credit" or held.hazard == (0.0,)


def test_what_goes_with_an_alternative_goes_too(folder: Path) -> None:
    child(
        folder,
        'extends = "base.toml"\n[lease]\nimplicit_rate = "10 %"\nimplicit_residual = "5 %"',
        "middle.toml",
    )
    lease = read(folder / "middle.toml", ["lease.rate=2 USD/GPU-hour"]).scenario.lease
    assert (lease.rate, lease.implicit_rate, lease.implicit_residual) == (2.0, None, 0.0)


def test_two_alternatives_in_one_voice_are_a_fault(folder: Path) -> None:
    fault = refusal(child(folder, 'extends = "base.toml"\n[capital]\nadvance_rate = 0.5\ndebt_share = 0.5\n'))
    assert [problem.code for problem in fault.problems] == ["exactly-one"]
    assert fault.problems[0].file == str(folder / "child.toml")
    fault = refusal(folder / "base.toml", "capital.advance_rate=0.5", "capital.debt_share=0.5")
    assert [problem.code for problem in fault.problems] == ["exactly-one"]
    assert fault.problems[0].file in {"--set capital.advance_rate=0.5", "--set capital.debt_share=0.5"}


def test_another_kind_of_curve_replaces_the_whole_table(folder: Path) -> None:
    text = (
        'extends = "base.toml"\n[gpu_price.curve]\nkind = "straight_line"\nlife = "5 years"\nsalvage = 0.1\n'
    )
    curve = read(child(folder, text)).scenario.gpu_price.curve
    assert (curve.kind, curve.life, curve.salvage) == ("straight_line", 60, 0.1)  # type: ignore[union-attr]


def test_unset_takes_a_setting_or_a_table_away(folder: Path) -> None:
    text = 'extends = "base.toml"\nunset = ["capital.tranche.senior.lock_up_dscr", "gpu_price.jump"]\n'
    scenario = read(child(folder, text)).scenario
    assert scenario.capital.tranche["senior"].lock_up_dscr is None
    assert scenario.gpu_price.jump is None
    assert scenario.unset == []
    assert scenario.extends is None


def test_unset_of_what_no_parent_sets(folder: Path) -> None:
    (problem,) = refusal(child(folder, 'extends = "base.toml"\nunset = [\n "lease.ratte" ]\n')).problems
    assert (problem.code, problem.line, problem.column) == ("unset", 3, 2)
    assert problem.help == "did you mean `lease.rate`?"
    (problem,) = refusal(child(folder, 'extends = "base.toml"\nunset = "lease.rate"\n')).problems
    assert (problem.code, problem.line, problem.column) == ("type", 2, 9)


def test_a_fault_in_a_parent_names_the_parent(folder: Path) -> None:
    (folder / "base.toml").write_text(spoil('debt_share = "70 %"', "debt_share = 70"))
    (problem,) = refusal(child(folder, 'extends = "base.toml"\n')).problems
    assert problem.file == str(folder / "base.toml")
    assert (problem.line, problem.column) == place_of((folder / "base.toml").read_text(), "70 #")


def test_a_missing_key_of_a_joined_table_stands_at_a_header(folder: Path) -> None:
    text = 'extends = "base.toml"\n[fleet.batch.second]\nunits = 5\n'
    (problem,) = refusal(child(folder, text)).problems
    assert (problem.code, problem.line, problem.column) == ("missing-key", 2, 1)
    assert problem.key == "fleet.batch.second.unit_cost"


def test_a_parent_in_another_folder_of_the_project(folder: Path) -> None:
    path = child(folder, 'extends = "../base.toml"\n', "deals/child.toml")
    assert read(path).files == (str(folder / "base.toml"), str(path))


OUTSIDE = [
    "/etc/passwd",
    "../outside.toml",
    "a/../../outside.toml",
    "~/x.toml",
    "C:/x.toml",
    "\\\\host\\x",
    "",
]


@pytest.mark.parametrize("parent", OUTSIDE)
def test_parents_outside_the_project_are_refused(folder: Path, parent: str) -> None:
    (folder.parent / "outside.toml").write_text(STARTER)
    (problem,) = refusal(child(folder, f"extends = '{parent}'\n")).problems
    assert (problem.code, problem.line, problem.column) == ("extends", 1, 11)


def test_a_link_out_of_the_project_is_refused(folder: Path) -> None:
    (folder.parent / "outside.toml").write_text(STARTER)
    os.symlink(folder.parent / "outside.toml", folder / "link.toml")
    (problem,) = refusal(child(folder, 'extends = "link.toml"\n')).problems
    assert "outside the project folder" in problem.message


def test_without_a_project_mark_the_files_own_folder_is_the_border(tmp_path: Path) -> None:
    if any((parent / ".git").exists() for parent in tmp_path.parents):
        pytest.skip("the folder for temporary files lies inside a project")
    (tmp_path / "base.toml").write_text(STARTER)
    path = child(tmp_path, 'extends = "../base.toml"\n', "deals/child.toml")
    assert "outside the project folder" in refusal(path).problems[0].message


@pytest.mark.parametrize("parent", ["5", '["base.toml"]', "true", '{ a = "b" }'])
def test_extends_is_one_name(folder: Path, parent: str) -> None:
    (problem,) = refusal(child(folder, f"extends = {parent}\n")).problems
    assert (problem.code, problem.line, problem.column) == ("extends", 1, 11)


def test_an_absent_parent(folder: Path) -> None:
    (problem,) = refusal(child(folder, 'extends = "absent.toml"\n')).problems
    assert "there is no file" in problem.message


def test_a_circle_is_named(folder: Path) -> None:
    child(folder, 'extends = "b.toml"\n', "a.toml")
    child(folder, 'extends = "c.toml"\n', "b.toml")
    child(folder, 'extends = "a.toml"\n', "c.toml")
    (problem,) = refusal(folder / "a.toml").problems
    names = [str(folder / name) for name in ("a.toml", "b.toml", "c.toml", "a.toml")]
    assert problem.message == f"the files extend each other: {' -> '.join(names)}"
    assert problem.file == str(folder / "c.toml")


def test_the_chain_has_a_length(folder: Path) -> None:
    (folder / "0.toml").write_text(STARTER)
    for number in range(1, 9):
        child(folder, f'extends = "{number - 1}.toml"\n', f"{number}.toml")
    assert read(folder / "7.toml").scenario.deal.name == "First deal"
    assert "more than 8 files" in refusal(folder / "8.toml").problems[0].message
