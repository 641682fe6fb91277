"""Is a column or an account updated in time? (2020 年报 2周 / 6个月; 国办秘函〔2019〕19号 M2)

Not seen is not the same as not updated: every doubt ends in `unknown`, with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from checks.calendar import Deadline, Limit, WorkCalendar, days_until, last_good_day
from checks.facts import History, Method, Outcome, Visit
from checks.rules import Rule
from checks.subjects import Subject, SubjectKind
from checks.verdicts import Judgement, Verdict

SHANGHAI = ZoneInfo("Asia/Shanghai")

OUTCOME_WORDS = {
    Outcome.OK: "正常读取",
    Outcome.EMPTY: "页面无内容",
    Outcome.UNDATED: "有内容但未标注日期",
    Outcome.UNREADABLE: "页面打开但未能识别列表",
    Outcome.BLOCKED: "被防火墙或验证页面拦截",
    Outcome.MAINTENANCE: "网站维护中",
    Outcome.GONE: "页面不存在",
    Outcome.UNREACHABLE: "无法连接",
    Outcome.TOO_LARGE: "页面过大",
    Outcome.REFUSED: "按规则未予访问",
}
METHOD_WORDS = {Method.CRAWL: "查看", Method.EXPORT: "后台导出", Method.MANUAL: "人工登记"}


@dataclass(frozen=True, slots=True)
class Moment:
    """The day judged, and whether it lies ahead: a projection assumes nothing new appears."""

    as_of: date
    projected: bool = False


def local_day(moment: datetime) -> date:
    """Which day is this in Asia/Shanghai? `moment` is aware."""
    return moment.astimezone(SHANGHAI).date()


def exemption(subject: Subject, as_of: date) -> str | None:
    """Why is this subject not judged on `as_of`? None when it is."""
    if reason := excused(subject, as_of):
        return reason
    return f"账号已于{subject.closed_on}关停" if is_closed(subject, as_of) else None


def excused(subject: Subject, as_of: date) -> str | None:
    """Why need nobody answer for this subject on `as_of`? None without an approved exemption."""
    if subject.exempt_until is not None and as_of <= subject.exempt_until:
        return f"经批准豁免至{subject.exempt_until}：{subject.exempt_reason or '未注明原因'}"
    if subject.redirect_to is not None:
        return f"本栏目转到栏目 {subject.redirect_to}，不单独判定"
    return None


def is_closed(subject: Subject, as_of: date) -> bool:
    """Is this account closed on `as_of`, its last day included?"""
    return subject.closed_on is not None and subject.closed_on <= as_of


def unseen_reason(history: History, moment: Moment, allowance: Limit) -> str | None:
    """Why may nothing be said of this subject today? None when its last look was good.

    Only the last visit counts: a page blocked today is unknown today, whatever it showed
    yesterday. A good look older than `allowance` days says nothing of `as_of` either.
    """
    if history.last is None:
        return "尚未查看" if history.holds_days is None else "尚未导入或登记"
    if not history.last.outcome.seen:
        words = _met(history.last)
        known = history.good.newest if history.good else None
        return f"{words}，不作判定" + (f"；此前所见最近更新为{known}" if known else "")
    return stale_reason(history, moment, allowance)


def _met(visit: Visit) -> str:
    """What a look met; of an account in the words of its source, which say what to do."""
    words = OUTCOME_WORDS[visit.outcome]
    told = visit.note if visit.subject.startswith(f"{SubjectKind.ACCOUNT}:") else None
    return f"{words}（{told}）" if told else words


def stale_reason(history: History, moment: Moment, allowance: Limit) -> str | None:
    """Why is the last look too old to say anything of this day? None when it is not.

    An export is as old as the day on which it was made, not as the day on which it was brought.
    """
    visit = history.last
    if visit is None or moment.projected:
        return None
    brought = visit.method.brought
    age = (moment.as_of - (shown_to(visit) if brought else local_day(visit.observed_at))).days
    most = allowance.n if history.holds_days is None else history.holds_days
    if age <= most:
        return None
    if brought:
        return f"{METHOD_WORDS[visit.method]}反映到{shown_to(visit)}，已是{age}天前，不作判定"
    return f"最近一次查看已是{age}天前，不作判定"


def shown_to(visit: Visit) -> date:
    """Up to which day does this look show what there was?"""
    return visit.shown_to or local_day(visit.observed_at)


def last_shown(history: History) -> date | None:
    """On which day was the subject last seen well, or up to which does the office's word tell?"""
    good = history.good
    if good is None:
        return None
    return shown_to(good) if good.method.brought else local_day(good.observed_at)


def judge_plain(subject: Subject, history: History, moment: Moment, allowance: Limit) -> Judgement:
    """What can be said of a subject without a rule: ok, blank, undated, exempt or unknown."""
    return _row(subject, history, None, *_plainly(subject, history, moment, allowance))


def _plainly(
    subject: Subject, history: History, moment: Moment, allowance: Limit
) -> tuple[Verdict, str]:
    if reason := exemption(subject, moment.as_of):
        return Verdict.EXEMPT, reason
    if reason := unseen_reason(history, moment, allowance):
        return Verdict.UNKNOWN, reason
    visit = _seen(history)
    verdict = _content_verdict(subject, visit.outcome)
    if verdict is Verdict.UNDATED and visit.unresolved:
        why = f"列表未标注日期，其中{visit.unresolved}条的正文未能打开，不作判定"
        return Verdict.UNKNOWN, why
    return verdict, OUTCOME_WORDS[visit.outcome]


def judge_freshness(
    subject: Subject,
    rule: Rule,
    history: History,
    moment: Moment,
    calendar: WorkCalendar,
    allowance: Limit,
) -> Judgement:
    """Is this subject within the rule's limit on the day judged?

    Day `limit` itself is still good. Raises nothing: what cannot be judged is `unknown`.
    """
    base = _row(subject, history, rule, *_plainly(subject, history, moment, allowance))
    if base.verdict is Verdict.BLANK and subject.opened_on is not None:
        return _new_account(base, subject.opened_on, rule, moment, calendar)
    if base.verdict is not Verdict.OK:
        return base
    visit = _seen(history)
    if visit.newest is None:
        why = "仅见晚于查看日的日期" if visit.item_count else "未读取更新日期"
        return replace(base, verdict=Verdict.UNKNOWN, reason=f"{why}，不作判定")
    due = last_good_day(visit.newest, rule.limit_for(subject), calendar)
    return _compare(base, rule, visit, visit.newest, due, moment, calendar, allowance)


def _compare(
    base: Judgement,
    rule: Rule,
    visit: Visit,
    newest: date,
    due: Deadline,
    moment: Moment,
    calendar: WorkCalendar,
    allowance: Limit,
) -> Judgement:
    left = (due.on - moment.as_of).days
    limit = rule.limit_for(base.subject).chinese
    facts = f"{_told_by(visit)}最近更新{newest}，时限{limit}，最后期限{due.on}"
    if left >= 0:
        verdict = standing_of(rule, newest, due, moment.as_of, calendar)
        told = f"{facts}，还剩{left}天"
        return replace(base, due=due.on, verdict=verdict, days_left=left, reason=told)
    known = replace(base, due=due.on)
    if visit.unresolved:
        why = f"{facts}；{_doubt(base.subject, visit)}，不作判定"
        return replace(known, verdict=Verdict.UNKNOWN, reason=why)
    if due.provisional:
        return replace(known, verdict=Verdict.UNKNOWN, reason=f"{facts}（暂定），不作判定")
    if unlooked := _unlooked(visit, due.on, moment, allowance):
        why = f"{facts}；{unlooked}，不作判定"
        return replace(known, verdict=Verdict.UNKNOWN, reason=why)
    return replace(
        known, verdict=Verdict.OVERDUE, days_over=-left, reason=f"{facts}，已超期{-left}天"
    )


def _told_by(visit: Visit) -> str:
    """On whose word does the day rest, where it rests on no look of our own?"""
    if not visit.method.brought:
        return ""
    return f"据{METHOD_WORDS[visit.method]}{f'（{visit.by}）' if visit.by else ''}，"


def _doubt(subject: Subject, visit: Visit) -> str:
    """Why may there be a later update? Of an account in the words of its source."""
    if subject.kind is SubjectKind.ACCOUNT and visit.note:
        return f"不能排除此后已有更新（{visit.note}）"
    return f"另有{visit.unresolved}条置顶或日期未明的信息可能更新"


def _unlooked(visit: Visit, due: date, moment: Moment, allowance: Limit) -> str | None:
    """Why does this look not tell what came after the due day? None when it does.

    A source that has stopped shows no more than an old look: what came since may be in time.
    """
    if moment.projected:
        return None
    source = METHOD_WORDS[visit.method] if visit.method.brought else "所查来源"
    told, age = f"{source}只反映到{shown_to(visit)}", (moment.as_of - shown_to(visit)).days
    if shown_to(visit) <= due:
        return told if visit.shown_to is not None else "到期之后尚未查看"
    return None if visit.method.brought or age <= allowance.n else f"{told}，已是{age}天前"


def standing_of(
    rule: Rule, newest: date, due: Deadline, as_of: date, calendar: WorkCalendar
) -> Verdict:
    """Within the limit: is it also near its end? What was updated today never is."""
    near = rule.warn is not None and (
        days_until(due.on, as_of, rule.warn.unit, calendar) <= rule.warn.n
    )
    return Verdict.DUE_SOON if near and newest < as_of else Verdict.OK


def _new_account(
    base: Judgement, opened: date, rule: Rule, moment: Moment, calendar: WorkCalendar
) -> Judgement:
    """Nothing can be missing for longer than the limit from an account opened within it."""
    due = last_good_day(opened, rule.limit, calendar)
    left = (due.on - moment.as_of).days
    if left < 0:
        return base
    why = (
        f"{base.reason}；账号{opened}开设，时限{rule.limit.chinese}，最后期限{due.on}，还剩{left}天"
    )
    return replace(base, verdict=Verdict.OK, due=due.on, days_left=left, reason=why)


def _content_verdict(subject: Subject, outcome: Outcome) -> Verdict:
    if subject.kind is SubjectKind.SITE or outcome is Outcome.OK:
        return Verdict.OK
    if outcome is Outcome.UNDATED:
        return Verdict.UNDATED
    # An empty mailbox is no fault: nobody wrote. Columns and accounts are another matter.
    return Verdict.OK if subject.kind is SubjectKind.MAILBOX else Verdict.BLANK


def _row(
    subject: Subject, history: History, rule: Rule | None, verdict: Verdict, reason: str
) -> Judgement:
    last, good = history.last, history.good
    return Judgement(
        subject=subject,
        rule=rule.id if rule else None,
        pack=rule.pack if rule else None,
        verdict=verdict,
        reason=reason,
        newest=good.newest if good else None,
        outcome=last.outcome if last else None,
        last_seen=good.observed_at if good else None,
        evidence=last.evidence if last else None,
        visit=last.id if last else None,
        method=last.method if last else Method.CRAWL,
        by=last.by if last else None,
        shown_to=last.shown_to if last else None,
    )


def _seen(history: History) -> Visit:
    if history.good is None:
        raise ValueError("a seen subject has a good visit")
    return history.good
