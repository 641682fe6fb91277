"""What the product must say of one planted subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from checks.facts import Outcome
from checks.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Expected:
    """The verdict and outcome planted. `why` is told to the person watching the demo.

    `newest` is the newest day that counts as an update, for a mailbox the latest receipt;
    None where no good look is possible or nothing is dated.
    """

    verdict: Verdict
    newest: date | None
    outcome: Outcome
    why: str
