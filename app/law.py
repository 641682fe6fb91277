"""Today's law goes into the ledger before anything is judged or scored by it."""

from __future__ import annotations

from app.home import Home
from app.settings import Settings
from checks.calendar import load_calendar
from storage.clock import now
from storage.ledger import Ledger, law_body


def remember_law(home: Home, settings: Settings, ledger: Ledger) -> None:
    """Keep today's rules and calendar, so that today can be judged again in ten years."""
    calendar = load_calendar([home.path("holidays")])
    ledger.keep_law(law_body(home.pack_texts(settings), calendar), now())
