"""Whatever is done to the bytes of an example, the reader answers with a scenario or with words, and soon."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from spv_sim.errors import UserError
from spv_sim.scenario.chain import stack_files
from spv_sim.scenario.read import read
from tests.scenario.base import EXAMPLES
from tests.scenario.test_text import SHORT

ROUNDS = int(os.environ.get("SPV_SIM_MUTATIONS", "400"))
"""Mutations of each example; a nightly run sets more."""

TOKENS = [
    *b"[ ] { } = . , # \\ _ - % nan -inf 1e400 0x true [[a]] 9999999999999999999999999 \xff \xc2".split(b" "),
    *(b'"', b"'", b'"""', b"\n", b"\r", b"\x00", b"\t", b" USD", b"\xe2\x80\xae"),
]


def mutate(content: bytes, chance: random.Random) -> bytes:
    """A few edits: bytes changed, cut, doubled or moved, tokens put in."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at, to = sorted(chance.randrange(len(changed) + 1) for _ in range(2))
        to = min(to, at + chance.choice([1, 4, 40, 400]))
        match chance.randrange(6):
            case 0:
                changed[at:to] = b""
            case 1:
                changed[at:at] = chance.choice(TOKENS)
            case 2 if at < len(changed):
                changed[at] = chance.randrange(256)
            case 3:
                changed[at:at] = changed[at:to]
            case 4:
                changed[at:to] = chance.choice(TOKENS)
            case _:
                lines = bytes(changed).split(b"\n")
                first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[first], lines[second] = lines[second], lines[first]
                changed = bytearray(b"\n".join(lines))
    return bytes(changed)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_mutated_examples(path: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    for layer in stack_files(path, str(path)):
        (tmp_path / Path(layer.file).name).write_text(layer.text)
    victim = tmp_path / path.name
    content = path.read_bytes()
    chance = random.Random(path.name)
    refused = 0
    for number in range(ROUNDS):
        mutated = mutate(content, chance)
        victim.write_bytes(mutated)
        start = time.process_time()
        try:
            read(victim)
        except UserError as fault:
            refused += 1
            check(fault, mutated)
        assert time.process_time() - start < SHORT, f"round {number}"
    # Many edits fall into comments or between digits and stay valid.
    assert refused > ROUNDS / 4


def check(fault: UserError, content: bytes) -> None:
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    assert fault.exit_code == 2
    assert fault.problems
    for problem in fault.problems:
        if problem.code == "more" or problem.code == "unreadable":
            continue
        assert problem.file is not None
        assert problem.line is not None
        assert problem.column is not None
        assert problem.column >= 1
        if (
            problem.file.endswith(".toml")
            and problem.source is not None
            and problem.file.split("/")[-1] != "vci-h100.toml"
        ):
            assert problem.line <= len(lines)
            assert problem.column <= len(problem.source) + 2
        assert all(line.isprintable() for line in str(problem).split("\n"))
        assert "Traceback" not in str(problem)
