"""A home with one quarter behind it: two units, their findings from found to urged (synthetic)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from app.home import Home
from app.law import remember_law
from checks.facts import Letter, Outcome
from checks.freshness import SHANGHAI
from checks.lifecycle import Event, EventKind, Fault, Finding, Key, Step
from storage.inventory import read_toml
from storage.ledger import Ledger, Sighting, Versions
from tests.app.test_bad_input import SETTINGS

REGISTER = """
[[unit]]
id = "jyj"
name = "教育局"
kind = "department"
emails = ["jyj@example.cn"]
[[unit]]
id = "qt"
name = "曲塘镇"
kind = "town"
emails = ["qt@example.cn"]
[[site]]
id = "s"
name = "门户"
home = "http://127.0.0.1:9/"
unit = "jyj"
code = "3206850001"
portal = true
[[column]]
id = "dt"
site = "s"
name = "教育动态"
url = "http://127.0.0.1:9/dt.html"
class = "news"
unit = "jyj"
bucket = "news"
[[column]]
id = "yw"
site = "s"
name = "教育要闻"
url = "http://127.0.0.1:9/yw.html"
class = "news"
unit = "jyj"
bucket = "news"
[[column]]
id = "zj"
site = "s"
name = "镇街动态"
url = "http://127.0.0.1:9/zj.html"
class = "news"
unit = "qt"
bucket = "news"
[[mailbox]]
id = "xx"
site = "s"
name = "局长信箱"
url = "http://127.0.0.1:9/xx.html"
unit = "jyj"
"""
VERSIONS = Versions({"haian/news_2w": "2020.1", "haian/mailbox_5wd": "2020.1"}, "cn-2026-test")
CONFIRMED, NOTIFIED, FAILED = EventKind.CONFIRMED, EventKind.NOTIFIED, EventKind.FAILED
URGED, RECOVERED, DISMISSED = EventKind.URGED, EventKind.RECOVERED, EventKind.DISMISSED


def at(month: int, day: int, hour: int = 9, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


def home_in(folder: Path) -> tuple[Home, Ledger]:
    """A home whose register and law are known since New Year."""
    folder.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    home = Home(folder)
    ledger = home.open_ledger()
    ledger.load_inventory(read_toml(REGISTER, "register"), at(1, 4))
    remember_law(home, home.settings(), ledger)
    return home, ledger


def found(ledger: Ledger, fault: Fault, opened: datetime) -> Finding:
    """Open a finding at an instant."""
    with ledger.writing() as session:
        step = Step(EventKind.DETECTED, fault.note, fault=fault)
        (happening,) = ledger.write_steps(session, [step], VERSIONS, opened)
    return replace(happening.finding, events=(happening.event,))


def late_column(ledger: Ledger, column: str, unit: str, newest: date, opened: datetime) -> Finding:
    key = Key("haian", "news_2w", f"column:{column}")
    return found(ledger, Fault(key, unit, newest, "已超期", None), opened)


def late_letter(
    ledger: Ledger, ref: str, received: date, due: date, replied: date | None, opened: datetime
) -> Finding:
    run = ledger.start_run(1, opened)
    letter = Letter(ref, "来信", None, received_on=received, replied_on=replied, answered=True)
    ledger.record(run, Sighting("mailbox:xx", opened, Outcome.OK, letters=(letter,)))
    key = Key("haian", "mailbox_5wd", "mailbox:xx", ref)
    return found(ledger, Fault(key, "jyj", due, "逾期", None, over=True), opened)


def happened(
    ledger: Ledger, finding: Finding, steps: Iterable[tuple[EventKind, datetime, date | None]]
) -> None:
    """Write what became of a finding: kind, when, and the day the event sets."""
    events = [Event(kind, when, "办公室", "synthetic", until=until) for kind, when, until in steps]
    with ledger.writing() as session:
        ledger.write_events(session, [(finding, event) for event in events])


def third_quarter(ledger: Ledger) -> dict[str, Finding]:
    """The education bureau: one column put right in time, one urged, one letter six working days
    late, one thing nobody confirmed. The town: nothing."""
    in_time = late_column(ledger, "dt", "jyj", on(7, 1), at(7, 16))
    due = on(7, 31)
    happened(
        ledger,
        in_time,
        [
            (CONFIRMED, at(7, 17), None),
            (NOTIFIED, at(7, 17, 10), due),
            (RECOVERED, at(7, 25), None),
        ],
    )
    urged = late_column(ledger, "yw", "jyj", on(8, 5), at(8, 20))
    happened(
        ledger,
        urged,
        [
            (CONFIRMED, at(8, 21), None),
            (NOTIFIED, at(8, 21, 10), on(9, 4)),
            (EventKind.RECHECKED, at(9, 7), None),
            (FAILED, at(9, 8), None),
            (URGED, at(9, 10), on(9, 24)),
        ],
    )
    # Due Friday 7 August; the sixth working day after it is Monday 17 August.
    letter = late_letter(ledger, "L1", on(7, 31), on(8, 7), on(8, 17), at(8, 18))
    happened(ledger, letter, [(CONFIRMED, at(8, 19), None)])
    unconfirmed = late_letter(ledger, "L2", on(8, 31), on(9, 7), on(9, 9), at(9, 10))
    return {"in_time": in_time, "urged": urged, "letter": letter, "unconfirmed": unconfirmed}
