"""Folder names are safe whatever the scenario is called."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spv_sim.store.slug import folder_name, slug


@given(st.text())
def test_any_name_gives_a_safe_slug(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?", slug(name))
    assert re.fullmatch(r"[a-z0-9-]{1,60}", folder_name(name, "0123abcd" * 8))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("xAI tranche A", "xai-tranche-a"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "run"),
        ("…", "run"),
        ("Crédit № 1", "credit-no-1"),
        ("\x1b[31mred", "31mred"),
        ("a" * 200, "a" * 60),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_folder_name_ends_with_the_key() -> None:
    assert folder_name("Base deal", "5e10b566" + "0" * 56) == "base-deal-5e10b566"


@pytest.mark.parametrize("key", ["", "12345", "../../..", "ABCDEF01"])
def test_a_key_that_is_no_digest_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        folder_name("a", key)
