"""What could not be seen: told to the operator alone, never held against a unit.

When nothing at all of a site could be seen there is one line for the site, and it stands
for every line of its subjects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from checks.facts import Outcome
from checks.freshness import OUTCOME_WORDS, local_day
from checks.lifecycle import EventKind, Key
from checks.rules import OPERATOR_PACK
from checks.subjects import SubjectKind
from checks.verdicts import Judgement, Verdict
from notify.news import OPERATOR, Line, News, Topic
from notify.terms import kind_word
from notify.words import KIND_WORDS, web_link
from storage.ledger import Happening

WHO = frozenset({OPERATOR})
REMEDIES = {
    Outcome.BLOCKED: "请商网站主管方将巡检服务器的出口地址列入访问白名单。",
    Outcome.MAINTENANCE: "请向主办单位核实维护的起止时间，结束后重新查看。",
    Outcome.GONE: "请核实该页面是否已迁移或下线，并在登记册中更新网址。",
    Outcome.UNREACHABLE: "请检查本机网络、域名解析和网站证书；网站确已停运的，请告知主办单位。",
    Outcome.UNREADABLE: "页面可能已改版：请在登记册中更新网址、读取方式或列表选择器。",
    Outcome.TOO_LARGE: "请核实网址是否为列表页；确需读取的，请调高 settings.toml 中 [crawl] 的"
    " max_bytes。",
    Outcome.REFUSED: "请核实网址：内网地址须列入 settings.toml 中 [crawl] 的"
    " allow_private_networks；robots.txt 不允许访问的，请商网站主管方放行。",
}
# An account on somebody else's platform is not opened up by a portal's list of allowed addresses.
OR_BY_HAND = "恢复之前请导入后台导出的数据，或人工登记并附截图。"
ACCOUNT_REMEDIES = {
    **dict.fromkeys(Outcome, f"请核实账号的来源方式和网址；{OR_BY_HAND}"),
    Outcome.BLOCKED: f"请按说明处理接口或页面的访问权限；{OR_BY_HAND}",
    Outcome.GONE: "请核实账号是否已注销、迁移或改名，内容是否已删除，并更新登记册。",
    Outcome.REFUSED: f"请按说明补齐设置；{OR_BY_HAND}",
}
DOUBT_REMEDY = "请打开页面人工核对；页面结构特殊的，请在登记册中填写列表选择器或读取方式。"
ACCOUNT_DOUBT = "现有来源不能证明是否按期更新，未作判定"
ACCOUNT_DOUBT_REMEDY = "请在平台上核对该账号最近一次发布，人工登记并附截图，或导入后台导出的数据。"
TAGS = {
    EventKind.DETECTED: "新发现",
    EventKind.REOPENED: "再次出现",
    EventKind.REMINDED: "提醒",
    EventKind.CLOSED: "已恢复",
}


def operator_lines(news: News) -> list[Line]:
    """What was not seen in this run, and how long that has lasted?"""
    looked = [row for row in news.bench.rows if row.inherits is None]
    unseen = _unseen(looked)
    dark = _dark_sites(looked, unseen)
    steps: dict[str, list[Happening]] = {site: [] for site in dark}
    single: list[Line] = []
    for happening in _own(news.happenings):
        subject = news.subjects.get(happening.finding.key.subject)
        site = subject.site if subject else None
        if site in dark and happening.event.kind is not EventKind.CLOSED:
            steps[site].append(happening)
        else:
            single.append(_finding_line(news, happening))
    return [
        *(_site_line(news, site, rows, steps[site]) for site, rows in dark.items()),
        *single,
        *(_unseen_line(news, row) for row in unseen if row.subject.site not in dark),
        *(_doubt_line(news, row) for row in _doubtful(news)),
    ]


def _own(happenings: Sequence[Happening]) -> list[Happening]:
    """The last event of each of the operator's findings."""
    latest = {h.finding.id: h for h in happenings if h.finding.key.pack == OPERATOR_PACK}
    return [happening for happening in latest.values() if happening.event.kind in TAGS]


def _unseen(rows: Sequence[Judgement]) -> list[Judgement]:
    """One row for each subject whose last visit showed nothing."""
    found: dict[str, Judgement] = {}
    for row in rows:
        if row.verdict is Verdict.UNKNOWN and row.outcome is not None and not row.outcome.seen:
            found.setdefault(row.subject.key, row)
    return list(found.values())


def _doubtful(news: News) -> list[Judgement]:
    """What was looked at today and could still not be judged: without a hint it would last."""
    found: dict[str, Judgement] = {}
    for row in news.bench.rows:
        looked = row.outcome is not None and row.outcome.seen and row.inherits is None
        today = row.last_seen is not None and local_day(row.last_seen) == news.as_of
        # That a word has run out is told by a finding of its own.
        told = Key(OPERATOR_PACK, "word", row.subject.key) in news.bench.faults
        if row.verdict is Verdict.UNKNOWN and looked and today and not told:
            found.setdefault(row.subject.key, row)
    return list(found.values())


def _dark_sites(
    rows: Sequence[Judgement], unseen: Sequence[Judgement]
) -> dict[str, list[Judgement]]:
    seen = {row.subject.site for row in rows if row.outcome is not None and row.outcome.seen}
    dark: dict[str, list[Judgement]] = {}
    for row in unseen:
        if row.subject.site is not None and row.subject.site not in seen:
            dark.setdefault(row.subject.site, []).append(row)
    return dark


def _unseen_key(row: Judgement) -> str:
    since = row.last_seen.isoformat() if row.last_seen else "never"
    return f"unseen:{row.subject.key}:{since}"


def _unseen_line(news: News, row: Judgement) -> Line:
    outcome = _outcome(row)
    of_account = row.subject.kind is SubjectKind.ACCOUNT
    return Line(
        key=_unseen_key(row),
        topic=Topic.UNSEEN,
        audiences=WHO,
        thing=row.subject.key,
        what=kind_word(row.subject.key, row.subject),
        name=row.subject.name,
        headline=f"未能查看：{OUTCOME_WORDS[outcome]}",
        reason=f"{row.reason}；{_last_seen([row])}" if of_account else _last_seen([row]),
        remedy=(ACCOUNT_REMEDIES if of_account else REMEDIES)[outcome],
        link=web_link(row.subject.url),
        unit=news.unit_name(row.subject.unit),
        site=news.site_name(row.subject.site),
    )


def _doubt_line(news: News, row: Judgement) -> Line:
    of_account = row.subject.kind is SubjectKind.ACCOUNT
    return Line(
        key=f"doubt:{row.subject.key}:{row.pack}/{row.rule}:{row.newest}",
        topic=Topic.DOUBT,
        audiences=WHO,
        thing=row.subject.key,
        what=kind_word(row.subject.key, row.subject),
        name=row.subject.name,
        headline=ACCOUNT_DOUBT if of_account else "已能查看，但日期不明，未作判定",
        reason=row.reason,
        remedy=ACCOUNT_DOUBT_REMEDY if of_account else DOUBT_REMEDY,
        link=web_link(row.subject.url),
        unit=news.unit_name(row.subject.unit),
        site=news.site_name(row.subject.site),
    )


def _site_line(
    news: News, site: str, rows: Sequence[Judgement], steps: Sequence[Happening]
) -> Line:
    """One line for the whole site, and for the operator's findings about its subjects."""
    subject = news.subjects.get(f"{SubjectKind.SITE}:{site}")
    outcomes = Counter(_outcome(row) for row in rows)
    causes = "、".join(f"{OUTCOME_WORDS[word]}{n}个" for word, n in outcomes.most_common())
    seen = max((row.last_seen for row in rows if row.last_seen), default=None)
    site_key = f"unseen_site:{site}:{seen.isoformat() if seen else 'never'}"
    keys = [*(step.key for step in steps), site_key, *(_unseen_key(row) for row in rows)]
    return Line(
        key=keys[0],
        topic=Topic.SITE_UNSEEN,
        audiences=WHO,
        thing=site,
        what=KIND_WORDS[SubjectKind.SITE],
        name=subject.name if subject else site,
        headline=f"全站{'长期' if steps else ''}未能查看：{len(rows)}个对象均未能查看",
        reason=f"{causes}；{_last_seen(rows)}",
        remedy="".join(REMEDIES[word] for word, _ in outcomes.most_common()),
        link=web_link(subject.url if subject else None),
        unit=news.unit_name(subject.unit if subject else None),
        tag=TAGS[steps[0].event.kind] if steps else "",
        covers=tuple(keys[1:]),
    )


def _finding_line(news: News, happening: Happening) -> Line:
    finding, event = happening.finding, happening.event
    rule = news.law.rule(finding.key.pack, finding.key.rule, news.as_of)
    subject = news.subjects.get(finding.key.subject)
    closed = event.kind is EventKind.CLOSED
    words = rule.headline if rule else finding.key.rule
    return Line(
        key=happening.key,
        topic=Topic.VISIBLE_AGAIN if closed else Topic.LONG_UNSEEN,
        audiences=WHO,
        thing=finding.key.subject,
        what=kind_word(finding.key.subject, subject),
        name=subject.name if subject else finding.key.subject,
        headline="已能正常查看，已自动销号" if closed else words,
        reason=event.note,
        clause=rule.clause if rule else "",
        clause_link=web_link(rule.link) if rule else None,
        remedy="" if closed or rule is None else rule.remedy,
        link=web_link(subject.url if subject else None),
        unit=news.unit_name(subject.unit if subject else None),
        site=news.site_name(subject.site if subject else None),
        tag=TAGS[event.kind],
        finding=finding.id,
        since=finding.opened_on,
    )


def _outcome(row: Judgement) -> Outcome:
    if row.outcome is None:
        raise ValueError("an unseen row has the outcome of its last visit")
    return row.outcome


def _last_seen(rows: Sequence[Judgement]) -> str:
    last = max((row.last_seen for row in rows if row.last_seen), default=None)
    return f"最近一次正常查看：{local_day(last)}" if last else "从未正常查看"
