"""In quiet hours outages and the operator's mails leave at once; digests wait."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from checks.freshness import SHANGHAI, Moment
from checks.judge import Bench
from checks.rules import Law
from notify.news import OFFICE, OPERATOR, Contact, Line, News, Topic, unit_audience
from notify.queue import queue_lines
from notify.settings import MailSection
from storage.ledger import Ledger

# Saturday of an ordinary week, and the Monday after it.
NIGHT = datetime(2026, 11, 28, 3, 0, tzinfo=SHANGHAI).astimezone(UTC)
MORNING = datetime(2026, 11, 30, 8, 30, tzinfo=SHANGHAI).astimezone(UTC)
MAIL = MailSection(quiet="18:00-08:30", office=("office@x.cn",), operator=("operator@x.cn",))
UNIT = unit_audience("u")


def leaves(ledger: Ledger, law: Law, topic: Topic, mail: MailSection, *to: str) -> dict[str, str]:
    line = Line("k", topic, frozenset(to), "t", "网站", "示例", "示例", "示例")
    bench = Bench(Moment(date(2026, 11, 28)), (), (), {}, {})
    news = News(bench, (), {"u": Contact("示例局", ("unit@x.cn",))}, {}, law)
    with ledger.writing() as session:
        queue_lines(ledger, session, [line], news, mail, NIGHT, ["wecom"])
    when = {NIGHT: "at once", MORNING: "Monday"}
    return {d.message.recipient: when[d.next_try_at] for d in ledger.deliveries()}


def test_digests_of_office_unit_and_group_wait_for_monday(ledger: Ledger, law: Law) -> None:
    assert leaves(ledger, law, Topic.COLUMN_OVERDUE, MAIL, OFFICE, UNIT) == {
        "office@x.cn": "Monday",
        "unit@x.cn": "Monday",
        "wecom": "Monday",
    }


@pytest.mark.parametrize("topic", [Topic.SITE_DOWN, Topic.SITE_BACK])
def test_an_outage_leaves_at_once_to_all_who_hear_of_it(
    ledger: Ledger, law: Law, topic: Topic
) -> None:
    assert leaves(ledger, law, topic, MAIL, OFFICE, OPERATOR) == {
        "office@x.cn": "at once",
        "operator@x.cn": "at once",
        "wecom": "at once",
    }


def test_what_is_the_operators_leaves_at_once_and_to_no_group(ledger: Ledger, law: Law) -> None:
    assert leaves(ledger, law, Topic.UNSEEN, MAIL, OPERATOR) == {"operator@x.cn": "at once"}


def test_without_quiet_hours_everything_leaves_at_once(ledger: Ledger, law: Law) -> None:
    mail = MailSection(office=("office@x.cn",))
    assert leaves(ledger, law, Topic.COLUMN_OVERDUE, mail, OFFICE) == {
        "office@x.cn": "at once",
        "wecom": "at once",
    }
