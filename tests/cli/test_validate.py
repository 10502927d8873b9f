"""`spv-sim validate`: all faults of all files, one line for each sound one, nothing written."""

from __future__ import annotations

import json
from pathlib import Path

from spv_sim.scenario.starter import STARTER
from tests.cli.invoke import Shell
from tests.scenario.base import spoil


def test_sound_files(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(STARTER)
    (tmp_path / "b.toml").write_text(spoil('measure = "P"', 'measure = "Q"'))
    done = shell("validate", tmp_path / "a.toml", tmp_path / "b.toml")
    assert done.status == 0
    assert done.out == f"{tmp_path / 'a.toml'}: ok, First deal\n{tmp_path / 'b.toml'}: ok, First deal\n"
    assert done.err.startswith(f"{tmp_path / 'b.toml'}: warning: credit.measure: ")


def test_all_faults_of_all_files(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(spoil("units = 1_000", "units = 0", spoil("seed = 0", "sed = 0")))
    (tmp_path / "b.toml").write_text("x = [")
    (tmp_path / "c.toml").write_text(STARTER)
    names = [tmp_path / name for name in ("a.toml", "b.toml", "c.toml", "absent.toml")]
    done = shell("validate", *names)
    assert done.status == 2
    assert done.out == f"{tmp_path / 'c.toml'}: ok, First deal\n"
    for words in (
        "error[range]",
        "did you mean `seed`?",
        "error[syntax]",
        "error[unreadable]",
        "4 errors in 3 places.",
    ):
        assert words in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.toml", "b.toml", "c.toml"]


def test_the_last_line_counts_and_says_how_to_learn_more(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(spoil('debt_share = "70 %"', "debt_share = 70"))
    lines = shell("validate", tmp_path / "a.toml").err.split("\n")
    assert lines[-2] == (
        f"1 error in {tmp_path / 'a.toml'}. `spv-sim explain capital.debt_share` shows the setting."
    )


def test_assignments(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(STARTER)
    assert shell("validate", tmp_path / "a.toml", "--set", "capital.advance_rate=60 %").status == 0
    done = shell("validate", tmp_path / "a.toml", "--set", "capital.debt_share=70", "--set", "lease.rat=1")
    assert done.status == 2
    assert done.err.startswith("--set capital.debt_share=70: error[range] capital.debt_share: 70 is above 1")
    assert "--set lease.rat=1: error[unknown-key]" in done.err


def test_json(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(STARTER)
    (tmp_path / "b.toml").write_text(spoil("units = 1_000", "units = 0"))
    done = shell("validate", "--json", tmp_path / "a.toml", tmp_path / "b.toml")
    assert (done.status, done.err) == (2, "")
    document = json.loads(done.out)
    assert document["schema"] == "spv-sim/validate@1"
    sound, faulty = document["files"]
    assert sound == {"file": str(tmp_path / "a.toml"), "ok": True, "errors": [], "warnings": []}
    (error,) = faulty["errors"]
    assert (error["code"], error["key"], error["line"], error["column"]) == (
        "range",
        "fleet.batch.first.units",
        20,
        9,
    )


def test_names_cannot_write_to_the_terminal(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(spoil("First deal", "x\\u001b[31m\\u202e"))
    done = shell("validate", tmp_path / "a.toml")
    assert done.out == f"{tmp_path / 'a.toml'}: ok, x\\x1b[31m\\u202e\n"
