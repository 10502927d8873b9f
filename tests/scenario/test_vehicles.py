"""Vehicles that extend a file: what they take from it, what of the programme, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from spv_sim.errors import Problem, UserError
from spv_sim.scenario.programme import OWN
from spv_sim.scenario.read import Loaded, read, read_text
from spv_sim.scenario.starter import STARTER

OTHER = """
extends = "base.toml"
unset = ["lease.rate", "credit.hazard"]
[deal]
name = "The other deal"
hurdle = "14 %"
[lease]
rate_factor = "2 %/month"
term = "6 years"
[credit]
default_month = "20 months"
[capital.tranche.senior]
coupon = "7 %"
tenor = "6 years"
"""
PROGRAMME = """
extends = "base.toml"
[deal]
name = "Both"
[spv.one]
extends = "base.toml"
[spv.two]
extends = "deals/other.toml"
capital.tranche.senior.tenor = "5 years"
[spv.three]
capital.tranche.senior.coupon = "6 %"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "base.toml").write_text(STARTER)
    (tmp_path / "deals").mkdir()
    (tmp_path / "deals" / "other.toml").write_text(OTHER.replace("base.toml", "../base.toml"))
    (tmp_path / "both.toml").write_text(PROGRAMME)
    return tmp_path


def both(folder: Path, *sets: str, more: str = "") -> Loaded:
    file = folder / "both.toml"
    file.write_text(PROGRAMME + more)
    return read(file, sets)


def refusal(file: Path, *sets: str) -> tuple[Problem, ...]:
    with pytest.raises(UserError) as fault:
        read(file, sets)
    assert fault.value.exit_code == 2
    return fault.value.problems


def test_a_vehicle_is_the_deal_of_its_file_on_the_market_of_the_programme(folder: Path) -> None:
    loaded = both(folder)
    found, programme = loaded.vehicles["two"].scenario, loaded.scenario
    file = read(folder / "deals" / "other.toml").scenario
    own = {name: getattr(found, name) for name in OWN}
    assert own.pop("capital").tranche["senior"] == file.capital.tranche["senior"].model_copy(
        update={"tenor": 60}
    )
    assert own == {name: getattr(file, name) for name in OWN if name != "capital"}
    for market in ("credit", "gpu_price", "lease_rate", "correlation", "monte_carlo"):
        assert getattr(found, market) == getattr(programme, market), market
    assert (found.deal.name, found.deal.hurdle) == ("The other deal", programme.deal.hurdle)
    assert programme.deal.name == "Both"
    one, three = (loaded.vehicles[name].scenario for name in ("one", "three"))
    base = read(folder / "base.toml").scenario
    assert one == base.model_copy(update={"deal": base.deal})
    assert three.capital.tranche["senior"].coupon == 0.06


def test_the_tables_of_the_programme_give_way_to_those_of_the_file(folder: Path) -> None:
    """A tranche of the programme's own is none of a vehicle that extends a file."""
    tranche = (
        "[capital.tranche.mezz]\ncoupon = '12 %'\ntenor = '4 years'\nrank = 2\namortisation = 'bullet'\n"
    )
    tranche += "debt_share = '5 %'\n[capital.tranche.senior]\ndebt_share = '60 %'\n"
    file = folder / "both.toml"
    file.write_text(
        PROGRAMME.replace("[spv.one]", f"{tranche}[spv.one]").replace(
            "extends", "unset = ['capital.debt_share']\nextends", 1
        )
    )
    loaded = read(file)
    assert set(loaded.vehicles["two"].scenario.capital.tranche) == {"senior"}
    assert set(loaded.vehicles["three"].scenario.capital.tranche) == {"senior", "mezz"}


def test_an_assignment_is_for_every_vehicle_and_gives_way_to_what_one_says_itself(folder: Path) -> None:
    sets = (
        "capital.tranche.senior.coupon=5 %",
        "credit.hazard=3 %/year",
        "capital.tranche.senior.tenor=4 years",
    )
    loaded = both(folder, *sets)
    coupons = {name: each.scenario.capital.tranche["senior"].coupon for name, each in loaded.vehicles.items()}
    assert coupons == {"one": 0.05, "two": 0.05, "three": 0.06}
    tenors = {name: each.scenario.capital.tranche["senior"].tenor for name, each in loaded.vehicles.items()}
    assert tenors == {"one": 48, "two": 60, "three": 48}
    assert {each.scenario.credit.hazard for each in loaded.vehicles.values()} == {(0.03,)}
    later = loaded.override({"spv.two.capital.tranche.senior.coupon": "4 %"})
    assert later.vehicles["two"].scenario.capital.tranche["senior"].coupon == 0.04
    assert later.vehicles["two"].scenario.lease == loaded.vehicles["two"].scenario.lease


def test_a_market_of_its_own_is_told_and_not_taken(folder: Path) -> None:
    loaded = both(folder)
    (told,) = loaded.vehicles["two"].warnings
    assert told == f"credit: the programme's hold, and not those of {folder / 'deals' / 'other.toml'}"
    assert not loaded.vehicles["one"].warnings
    assert not loaded.vehicles["three"].warnings


def test_values_and_faults_of_a_vehicle_have_their_place_in_its_file(folder: Path) -> None:
    origins = both(folder).vehicles["two"].origins
    other = folder / "deals" / "other.toml"
    assert str(origins["lease.term"]) == f"{other}:9"
    assert str(origins["capital.tranche.senior.tenor"]) == f"{folder / 'both.toml'}:9"
    other.write_text(other.read_text().replace('term = "6 years"', 'term = "6 lightyears"'))
    (fault,) = refusal(folder / "both.toml")
    assert (fault.code, fault.file, fault.line) == ("unit", str(other), 9)
    assert fault.message.startswith("spv.two: lease.term")


def test_what_a_file_unsets_wrongly_is_told(folder: Path) -> None:
    other = folder / "deals" / "other.toml"
    other.write_text(
        other.read_text().replace('["lease.rate", "credit.hazard"]', '["credit.hazard", "lease.rte"]')
    )
    faults = refusal(folder / "both.toml")
    assert [(fault.code, fault.file, fault.line) for fault in faults] == [("unset", str(other), 3)]
    assert "no parent sets lease.rte" in faults[0].message


REFUSED = [
    ('extends = "no.toml"', "there is no file"),
    ("extends = 3", "write the name of one file"),
    ('extends = ""', "write the name of one file"),
    ('extends = "../../etc/deal.toml"', "lies outside the project folder"),
    ('extends = "/etc/deal.toml"', "is not a path relative to this file"),
    ('extends = "both.toml"', "extend each other: {both} -> {both}"),
    ('extends = "round.toml"', "extend each other: {both} -> {round} -> {both}"),
    ('extends = "programme.toml"', "it is a programme itself"),
    ('extends = "below.toml"', "it is a programme itself"),
]


@pytest.mark.parametrize(("said", "words"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_file_that_no_vehicle_may_extend(folder: Path, said: str, words: str) -> None:
    (folder / "round.toml").write_text('extends = "both.toml"\n')
    (folder / "programme.toml").write_text('extends = "base.toml"\n[spv.a]\n[spv.b]\n')
    (folder / "below.toml").write_text('extends = "programme.toml"\n')
    both_file = folder / "both.toml"
    both_file.write_text(f"{PROGRAMME}[spv.four]\n{said}\n")
    (fault,) = refusal(both_file)
    names = {"both": str(both_file), "round": str(folder / "round.toml")}
    assert fault.code == "extends"
    assert words.format(**names) in fault.message
    if "itself" not in words and "round" not in words:
        assert (fault.file, fault.key) == (str(both_file), "spv.four.extends")
        assert fault.line == both_file.read_text().count("\n")


def test_only_a_file_says_what_a_vehicle_extends(folder: Path) -> None:
    for said in (
        'spv.one.extends="base.toml"',
        'spv.one={ extends = "base.toml" }',
        'spv={ one = { extends = "base.toml" } }',
    ):
        (fault,) = refusal(folder / "both.toml", said)
        assert "extends can only be written in a file" in fault.message
    with pytest.raises(UserError, match="a text without a file cannot extend one"):
        read_text(STARTER + '[spv.one]\nextends = "base.toml"\n')


def test_the_later_of_two_files_of_a_vehicle_counts(folder: Path) -> None:
    (folder / "child.toml").write_text('extends = "both.toml"\n[spv.one]\nextends = "deals/other.toml"\n')
    loaded = read(folder / "child.toml")
    assert loaded.vehicles["one"].scenario.deal.name == "The other deal"
    assert loaded.vehicles["two"].scenario.deal.name == "The other deal"
