"""Payment dates of a tranche's own: where they may differ from the first rank's, and where not."""

from __future__ import annotations

import pytest

from spv_sim.scenario.starter import STARTER
from tests.scenario.base import faults
from tests.scenario.test_rules_capital import MEZZ, SENIOR, SHARE, TENOR

CLASSES = "[capital.equity.a]\nshare = 0.6\n[capital.equity.b]\nshare = 0.4\n"
QUARTERLY = 'tenor = "4 years"\npayment_every = "3 months"'
SLOW = [
    (
        MEZZ.replace('tenor = "4 years"', QUARTERLY).replace("rank = 2", "rank = 1"),
        "",
        "rule",
        "only a tranche that",
    ),
    (MEZZ, 'payment_every = "3 months"', "rule", "only a tranche that ranks behind may pay less often"),
    (
        MEZZ.replace('tenor = "4 years"', QUARTERLY) + 'dsra_kind = "letter_of_credit"\ndsra = "3 months"\n',
        "",
        "unsupported",
        "a letter of credit goes with the payment dates of the first rank alone",
    ),
    (
        MEZZ.replace('tenor = "4 years"', QUARTERLY) + 'target_dscr = "1.2x"\n',
        "",
        "unsupported",
        "target_dscr goes with the payment dates of the first rank alone",
    ),
    (
        MEZZ.replace('tenor = "4 years"', QUARTERLY) + CLASSES,
        "",
        "unsupported",
        "classes of equity need one payment",
    ),
]


@pytest.mark.parametrize(("mezz", "senior", "code", "words"), SLOW)
def test_dates_of_a_tranches_own(mezz: str, senior: str, code: str, words: str) -> None:
    text = STARTER.replace(TENOR, f"{TENOR}\n{senior}") if senior else STARTER
    text = text.replace(SHARE, "# none").replace(SENIOR, f'{SENIOR}\ndebt_share = "60 %"')
    found = faults(text + mezz.replace("rank =", 'debt_share = "5 %"\nrank ='))
    assert [fault.code for fault in found] == [code], found
    assert words in found[0].message


def test_a_tranche_behind_may_pay_on_some_of_the_dates() -> None:
    text = STARTER.replace(SHARE, "# none").replace(SENIOR, f'{SENIOR}\ndebt_share = "60 %"')
    slow = MEZZ.replace('tenor = "4 years"', QUARTERLY).replace("rank =", 'debt_share = "5 %"\nrank =')
    assert not faults(text + slow)
    window = '[capital.covenant.whole]\nkind = "dscr"\nlevel = 1.1\ntranche = "mezz"\nwindow = "{} months"\n'
    assert not faults(text + slow + window.format(6))
    (fault,) = faults(text + slow + window.format(4))
    assert "4 months are not a whole number of debt periods of 3" in fault.message
