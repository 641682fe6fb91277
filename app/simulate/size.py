"""How large is what is made up, and which day does it end on?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
# A column publishes each so many days, the columns taking these paces in turn.
LIVELY = (1, 1, 1, 2, 3, 5, 7, 9, 20, 200)
# A province's columns mostly rest: about one in six shows something new on a given day.
SELDOM = (1, 1, 2, 2, 5, 6, 7, 13, 14, 20, 27, 30, 45, 90, 120, 150, 200, 300, 365, 730)


@dataclass(frozen=True, slots=True)
class Size:
    """What is made up. Each site has a mailbox, with a letter each `letters_apart` days.

    `seed` shifts when what happens; how much happens stays about the same.
    """

    units: int
    sites: int
    columns: int
    accounts: int
    days: int
    paces: tuple[int, ...] = SELDOM
    letters_apart: int = 7
    seed: int = 1

    def first(self, last: date) -> date:
        """The first day that is looked at, where `last` is the last."""
        return last - (self.days - 1) * DAY


COUNTY = Size(units=45, sites=5, columns=300, accounts=10, days=3652, paces=LIVELY, letters_apart=1)
PROVINCE = Size(units=2000, sites=1000, columns=60_000, accounts=2000, days=365)
LIKE: Mapping[str, Size] = {"county": COUNTY, "province": PROVINCE}
