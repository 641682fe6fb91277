"""Is the home page updated? (国办秘函〔2019〕19号 W3: 首页不更新; 首页仅为导航入口的，检查二级页面)

A home page shows links with a day and links without one. The latter may be newer; what is known
of them is the day on which each was first seen, and none is younger than that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from checks.calendar import Limit, WorkCalendar, last_good_day
from checks.facts import History, Observed, Outcome, Visit
from checks.freshness import (
    Moment,
    exemption,
    judge_freshness,
    judge_plain,
    local_day,
    standing_of,
    unseen_reason,
)
from checks.rules import Rule
from checks.subjects import Subject
from checks.verdicts import Judgement, Verdict

FAMILY = "home"


@dataclass(frozen=True, slots=True)
class Undated:
    """The links of a home page that bear no day, with the day each was first seen.

    `doubt` says in Chinese why the page may show more than was read.
    """

    first_seen: Mapping[str, date]
    doubt: str = ""

    @property
    def count(self) -> int:
        """How many things may be newer than the newest day shown?"""
        return len(self.first_seen) + bool(self.doubt)

    def as_facts(self) -> dict[str, Any]:
        days = {link: day.isoformat() for link, day in sorted(self.first_seen.items())}
        return {"first_seen": days, "doubt": self.doubt}


def undated_of(facts: Mapping[str, Any]) -> Undated:
    """The same from an observation's facts."""
    days = {link: date.fromisoformat(day) for link, day in facts["first_seen"].items()}
    return Undated(days, facts["doubt"])


def carried_on(
    before: Undated | None, links: Iterable[str], today: date, doubt: str = ""
) -> Undated:
    """What today's links without a day add to what earlier looks saw of them."""
    known = before.first_seen if before is not None else {}
    return Undated({link: known.get(link, today) for link in links}, doubt)


@dataclass(frozen=True, slots=True)
class Bar:
    """What a site is measured by: the rule, the day, the calendar, how old a look may be."""

    rule: Rule
    moment: Moment
    calendar: WorkCalendar
    allowance: Limit


def judge_home(
    site: Subject, history: History, observed: Sequence[Observed], bar: Bar
) -> Judgement:
    """Does the home page show anything new within the limit?

    Links without a day leave it open only until they have themselves been there for the limit:
    then nothing came in that time, whenever they were published.
    """
    row = judge_freshness(site, bar.rule, history, bar.moment, bar.calendar, bar.allowance)
    if row.verdict is not Verdict.UNKNOWN or row.due is None or history.good is None:
        return row
    visit = history.good
    undated = next(
        (
            undated_of(each.facts)
            for each in observed
            if each.family == FAMILY and each.outcome.seen and each.at == visit.observed_at
        ),
        None,
    )
    if undated is None or visit.newest is None or not visit.unresolved:
        return row
    facts = f"最近更新{visit.newest}"
    if undated.doubt:
        return replace(row, reason=f"{facts}；{undated.doubt}，请人工核对首页，不作判定")
    latest = max(undated.first_seen.values(), default=visit.newest)
    due = last_good_day(max(latest, visit.newest), bar.rule.limit_for(site), bar.calendar)
    over = (bar.moment.as_of - due.on).days
    facts += f"；另有{len(undated.first_seen)}条链接未标日期，其中最晚的于{latest}首次见到"
    unlooked = local_day(visit.observed_at) <= due.on and not bar.moment.projected
    if over <= 0 or due.provisional or unlooked:
        return replace(row, reason=f"{facts}，不作判定")
    span = bar.rule.limit_for(site).chinese
    reason = f"{facts}，此后未见新的链接，时限{span}，最后期限{due.on}，已超期{over}天"
    return replace(row, verdict=Verdict.OVERDUE, due=due.on, days_over=over, reason=reason)


def judge_columns_of(
    site: Subject,
    history: History,
    columns: Sequence[Subject],
    histories: Mapping[str, History],
    bar: Bar,
) -> Judgement:
    """Where the home page is mere navigation: is any second-level page updated in time?

    Those are the columns registered of this site, and those its entries lead to. One that is
    exempt may show an update, but need not; all others must have been seen well enough to rule
    one out, and an entry whose column is not known was not.
    """
    rule, as_of = bar.rule, bar.moment.as_of
    home = judge_plain(site, history, bar.moment, bar.allowance)
    base = replace(home, rule=rule.id, pack=rule.pack, verdict=Verdict.UNKNOWN, newest=None)
    if home.verdict is not Verdict.OK:
        return replace(base, verdict=home.verdict)
    pages = columns
    good = {each.key: _good(histories, each) for each in pages}
    dated = [visit for visit in good.values() if visit is not None and visit.newest is not None]
    if not dated:
        known = "各栏目均未读到日期" if pages else "首页仅为导航入口，未登记二级页面"
        return replace(base, reason=f"{known}，不作判定")
    visit = max(dated, key=lambda visit: (visit.newest or date.min, visit.id))
    newest = visit.newest or date.min
    due = last_good_day(newest, rule.limit_for(site), bar.calendar)
    left = (due.on - as_of).days
    facts = (
        f"首页仅为导航入口，检查{len(pages)}个栏目；最近更新{newest}，"
        f"时限{rule.limit_for(site).chinese}，最后期限{due.on}"
    )
    row = replace(base, newest=newest, due=due.on, evidence=visit.evidence, visit=visit.id)
    if left >= 0:
        verdict = standing_of(rule, newest, due, as_of, bar.calendar)
        return replace(row, verdict=verdict, days_left=left, reason=f"{facts}，还剩{left}天")
    unsure = sum(
        each.redirect_to is not None
        or (exemption(each, as_of) is None and not _rules_out(each, histories, due.on, bar))
        for each in pages
    )
    if unsure or due.provisional:
        why = f"其中{unsure}个未能查清" if unsure else "期限为暂定"
        return replace(row, reason=f"{facts}；{why}，不作判定")
    return replace(
        row, verdict=Verdict.OVERDUE, days_over=-left, reason=f"{facts}，已超期{-left}天"
    )


def _good(histories: Mapping[str, History], column: Subject) -> Visit | None:
    return histories.get(column.key, History()).good


def _rules_out(column: Subject, histories: Mapping[str, History], due: date, bar: Bar) -> bool:
    """Was this column seen after the due day, whole and with its days?"""
    history = histories.get(column.key, History())
    visit = history.good
    if visit is None or unseen_reason(history, bar.moment, bar.allowance) is not None:
        return False
    looked = bar.moment.projected or local_day(visit.observed_at) > due
    shown = visit.outcome is Outcome.EMPTY or visit.newest is not None
    return looked and shown and not visit.unresolved
