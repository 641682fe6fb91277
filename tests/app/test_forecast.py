"""What a week changes in the running half-year: confirmed faults, urgings, praise; nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.assessing import the_scheme
from app.day import end_of
from app.forecast import forecast, running
from tests.app.assessed import home_in, third_quarter

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("sunday", "bureau"),
    [
        (date(2026, 7, 5), "0"),
        # Found on Thursday and confirmed on Friday.
        (date(2026, 7, 19), "-0.10"),
        # Put right on Saturday, within its deadline: half of it is given back.
        (date(2026, 7, 26), "0.05"),
        (date(2026, 8, 23), "-0.30"),
        (date(2026, 9, 13), "-0.50"),
        (date(2026, 9, 20), "0"),
    ],
)
def test_a_week_is_told_by_what_was_known_at_its_two_ends(
    tmp_path: Path, sunday: date, bureau: str
) -> None:
    home, ledger = home_in(tmp_path)
    third_quarter(ledger)
    ends = end_of(sunday - timedelta(days=7)), end_of(sunday)
    assert forecast(home, home.settings(), ledger, *ends, ledger.findings(ends[1])) == {
        "jyj": Decimal(bureau),
        "qt": Decimal(0),
    }


def test_the_half_year_runs_that_holds_the_week_s_last_day(tmp_path: Path) -> None:
    home, _ = home_in(tmp_path)
    scheme, _ = the_scheme(home, home.settings())
    days = (date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31))
    assert [running(scheme, day) for day in days] == ["2026H1", "2026H2", "2026H2"]
