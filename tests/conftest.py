"""`pytest --given-checks` lists each given acceptance check with what the tests of the run found for it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests import given

OPTION = "--given-checks"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        OPTION, action="store_true", help="run the tests of the given checks and list the checks"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With the option only modules run that read the given checks."""
    if not config.getoption(OPTION):
        return
    reads = [given.given in vars(getattr(item, "module", object)).values() for item in items]
    config.hook.pytest_deselected(items=[item for item, kept in zip(items, reads, strict=True) if not kept])
    items[:] = [item for item, kept in zip(items, reads, strict=True) if kept]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Each test's comparisons travel with its report, from whatever process runs it."""
    item.stash[BEGAN] = len(given.MADE)
    return (yield)


BEGAN = pytest.StashKey[int]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    if call.when == "teardown":
        item.user_properties += given.as_properties(item.stash[BEGAN])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The list, where it was asked for."""
    if not config.getoption(OPTION):
        return
    made = [
        given.Comparison(**json.loads(value))
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, value in report.user_properties
        if name == "given"
    ]
    terminalreporter.section("given checks")
    terminalreporter.write_line("\n".join(given.table(made)))
