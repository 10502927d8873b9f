"""What any file must satisfy before a setting is looked at; each refusal is quick and has a place."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from spv_sim.errors import UserError
from spv_sim.scenario.read import read
from spv_sim.scenario.starter import STARTER
from spv_sim.scenario.text import LARGEST_FILE, parse
from tests.scenario.base import faults

SHORT = 20.0 if sys.gettrace() is None else 200.0
"""Processor seconds after which a file counts as one that hangs the reader. The worst takes about one, most
of it in the standard library's parser; what grew with the square of a file's size would take minutes."""

HOSTILE = {
    "3,000 brackets": ("a = " + "[" * 3000, "depth"),
    "3,000 tables": ("a = " + "{a=" * 3000, "depth"),
    "dotted names": ("a" + ".a" * 500_000 + " = 1", "depth"),
    "quoted dotted names": ('"a"' + '."a"' * 250_000 + " = 1", "depth"),
    "spaced dotted names": ("a" + " . a" * 200_000 + " = 1", "depth"),
    "nine levels": ("[a.b.c.d.e.f.g.h]\ni = 1", "depth"),
    "long word": ("a" * LARGEST_FILE, "syntax"),
    "quotes": ('"' * (LARGEST_FILE - 1), "syntax"),
    "blanks": (" " * LARGEST_FILE, "missing-key"),
    "5,000 digits": ("a = " + "1" * 5000, "range"),
    "hexadecimal": ("a = 0x" + "f" * 100_000, "range"),
    "many keys": ("\n".join(f"k{n} = 1" for n in range(80_000)), "size"),
    "many tables": ("\n".join(f"[t{n}]" for n in range(80_000)), "size"),
    "many batches": ("\n".join(f"[fleet.batch.b{n}]" for n in range(40_000)), "size"),
    "many removals": ("unset = [" + '"a.b",' * 100_000 + "]", "size"),
    "removals": ("unset = [" + '"a.b",' * 9_000 + "]", "unset"),
    "keys": ("\n".join(f"k{n} = 1" for n in range(9_000)), "unknown-key"),
    "batches": ("\n".join(f"[fleet.batch.b{n}]" for n in range(9_000)), "missing-key"),
    "checks": (
        STARTER
        + "\n".join(
            f"[deal.published.c{n}]\nmetric = 'a'\nexpected = 1\ntolerance = 1\nsource = 'x'\nset.a = 1"
            for n in range(1_000)
        ),
        "range",
    ),
    "array of tables": ("[[a]]\n" * 100_000, "size"),
    "huge text": ("[deal]\nname = '" + "n" * 900_000 + "'", "missing-key"),
    "huge quantity": ("[lease]\nterm = '" + "1" * 900_000 + "'", "unit"),
    "duplicate key": ("a = 1\na = 2", "syntax"),
    "bare carriage return": ("a = 1\rb = 2", "syntax"),
    "control character": ("a = '\x1b'", "syntax"),
    "nothing after equals": ("a =", "syntax"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text(name: str) -> None:
    text, code = HOSTILE[name]
    start = time.process_time()
    found = faults(text)
    assert time.process_time() - start < SHORT
    assert code in {fault.code for fault in found}
    assert all(fault.line is not None or fault.code == "more" for fault in found)
    assert len("\n".join(map(str, found))) < 60_000


def write(folder: Path, content: bytes) -> Path:
    path = folder / "deal.toml"
    path.write_bytes(content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as fault:
        read(path)
    assert fault.value.exit_code == 2
    return str(fault.value)


def test_not_utf8(tmp_path: Path) -> None:
    path = write(tmp_path, b"schema = 1\n# \xc3\xa9\xff\n")
    assert refusal(path) == f"{path}:2:4: error[encoding] byte 0xff is not UTF-8; save the file as UTF-8 text"


def test_utf16(tmp_path: Path) -> None:
    assert "error[encoding]" in refusal(write(tmp_path, STARTER.encode("utf-16")))


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    read(write(tmp_path, b"\xef\xbb\xbf" + STARTER.encode()))


def test_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    loaded = read(write(tmp_path, STARTER.replace("\n", "\r\n").encode()))
    line = STARTER[: STARTER.index("debt_share = ")].count("\n") + 1
    assert loaded.locate("capital.debt_share")[1] == line


def test_too_large(tmp_path: Path) -> None:
    assert "larger than 1024 KiB" in refusal(write(tmp_path, b"#" * (LARGEST_FILE + 1)))
    assert "is required" in refusal(write(tmp_path, b"#" * LARGEST_FILE))


def test_an_endless_device_is_too_large() -> None:
    assert "larger than 1024 KiB" in refusal(Path("/dev/zero"))


def test_absent_folder_and_impossible_names(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "absent.toml")
    assert "Is a directory" in refusal(tmp_path)
    assert "error[unreadable]" in refusal(Path("a\0b"))
    assert "error[unreadable]" in refusal(Path("a" * 5000))


def test_a_link_to_itself(tmp_path: Path) -> None:
    os.symlink(tmp_path / "loop.toml", tmp_path / "loop.toml")
    assert "error[unreadable]" in refusal(tmp_path / "loop.toml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path, b"")
    path.chmod(0)
    assert "Permission denied" in refusal(path)


def test_syntax_errors_stand_where_the_reader_stopped() -> None:
    (fault,) = faults("schema = 1\nname = = 3\n")
    assert (fault.line, fault.column, fault.source) == (2, 8, "name = = 3")
    assert fault.message.startswith("not TOML: ")


def test_texts_with_many_dots_are_no_fault() -> None:
    parse('a = "' + "www.x.y." * 100 + '"', "x")
