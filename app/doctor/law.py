"""Rules, calendar, term list and scheme: can units be judged and scored by them?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.assessing import scheme_doubts, the_scheme
from app.doctor.check import Check
from app.home import Home
from app.settings import Settings, SettingsError
from checks.rules import Law

CALENDAR_WARNING_DAYS = 60


def terms(home: Home, settings: Settings) -> Iterator[Check]:
    try:
        terms = home.terms(settings)
    except SettingsError as error:
        yield Check("词表", False, str(error), fatal=True)
        return
    if terms:
        yield Check("词表", True, f"{len(terms)} 个词在用")


def law(law: Law, today: date) -> Iterator[Check]:
    rules = law.in_force(today)
    unverified = [rule.name for rule in rules if not rule.verified]
    note = f"{len(rules)} 项指标在用"
    if unverified:
        note += f"；未核实：{'、'.join(unverified)}"
    yield Check("指标", not unverified, note)
    calendar = law.calendar
    left = (date(calendar.last_year, 12, 31) - today).days
    note = f"放假安排已知至 {calendar.last_year} 年底（{calendar.version}）"
    if left <= CALENDAR_WARNING_DAYS:
        note += (
            f"，仅剩 {max(left, 0)} 天：请在 holidays/ 下补充 cn-{calendar.last_year + 1}.toml，"
            "否则跨年的答复期限只能暂定"
        )
    yield Check("工作日历", left > CALENDAR_WARNING_DAYS, note)


def assessed(home: Home, settings: Settings, law: Law) -> Iterator[Check]:
    try:
        (scheme, _), terms = the_scheme(home, settings), home.rectification()
        home.escalation()
    except SettingsError as error:
        yield Check("考核和整改", False, str(error))
        return
    note = f"{scheme.title}（{scheme.version}）"
    if scheme.proposal:
        note += "是建议稿，请以本单位的考核办法替换"
    note += f"；整改期限{terms.limit.chinese}，最长{terms.hard_stop.chinese}"
    yield Check("考核和整改", not scheme.proposal, "；".join((note, *scheme_doubts(scheme, law))))
