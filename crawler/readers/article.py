"""Article pages: title, day of publication and source, with every date that was weighed.

A page shows many days: of signature, of a meeting, of its last rebuild, of today. The order of
trust is a publication label, a time or byline right after the title, other labels; and only
where there is none of these, what weaker cues agree on: lone dates, meta tags, the address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from checks.facts import DateCandidate, DateSource, Outcome
from crawler.dates import full_dates, instant_day, url_date
from crawler.decode import decode
from crawler.outcome import page_outcome
from crawler.readers.cues import Cues, cues_of
from crawler.readers.headline import anchors, chosen_title, source_name, title_guesses
from crawler.readers.page import ArticleReading, Page
from crawler.readers.visible import Visible, read_visible
from crawler.readers.wechat import read_wechat

Ranked = tuple[int, DateCandidate]
Rule = tuple[str, DateSource, Callable[[Cues], bool]]

_OLDEST_YEAR = 1995
_FIRST_DATES, _LAST_DATES = 120, 40

_PLAIN = "标题旁的日期"
_AHEAD = "标题前的日期"
# Best first, in the words the operator sees.
_RULES: tuple[Rule, ...] = (
    ("标题旁的发布日期", DateSource.LABEL, lambda cue: cue.label_near),
    ("脚本写出的日期", DateSource.LABEL, lambda cue: cue.written),
    ("标题旁的时间标注", DateSource.LABEL, lambda cue: cue.near and cue.when),
    ("标题旁与来源并列的日期", DateSource.LABEL, lambda cue: cue.near and cue.byline),
    ("标题旁的日期时间", DateSource.TEXT, lambda cue: cue.near and cue.timed),
    (_PLAIN, DateSource.TEXT, lambda cue: cue.near and not (cue.signed or cue.bracketed)),
    ("页面标注的发布日期", DateSource.LABEL, lambda cue: cue.label),
    ("标题下括号中的日期", DateSource.TEXT, lambda cue: cue.near and not cue.signed),
    ("页面的时间标注", DateSource.LABEL, lambda cue: cue.when),
    ("与来源并列的日期", DateSource.LABEL, lambda cue: cue.byline),
)
_WEAK_RULES: tuple[Rule, ...] = (
    ("日期栏中的日期", DateSource.TEXT, lambda cue: cue.is_marked()),
    ("单独的日期时间", DateSource.TEXT, lambda cue: cue.timed),
    ("单独成行的日期", DateSource.TEXT, lambda cue: cue.alone),
)
_SCRIPT, _WEAK, _META, _ADDRESS, _UNFIT, _FUTURE = 20, 30, 40, 41, 50, 100


def read_article(page: Page) -> ArticleReading:
    """When was this article published, under which title, from which source?

    `published_on` is None, with outcome `undated`, when no date meets a rule or when only weak
    cues are left and they disagree. A day after `page.today` stays a candidate and is never
    the answer.
    """
    met = page_outcome(page)
    if met is not None:
        return ArticleReading(None, None, None, None, (), None, *met)
    html = decode(page.body, page.content_type)
    return read_wechat(page, html) or _read(page, read_visible(html))


def _read(page: Page, seen: Visible) -> ArticleReading:
    titles = title_guesses(seen)
    ranked = [*_in_sight(seen, titles, page.today), *_out_of_sight(seen, page.url)]
    ranked = [(rank + _FUTURE * (each.on > page.today), each) for rank, each in ranked]
    ranked.sort(key=lambda pair: pair[0])
    best, why = _chosen([pair for pair in ranked if pair[0] < _UNFIT])
    ahead = {each.on for _, each in ranked if each.rule == _AHEAD}
    if best and best.source in (DateSource.META, DateSource.URL) and ahead - {best.on}:
        best, why = None, "只有网页元数据或网址有日期，且与标题前的日期不一致"
    return ArticleReading(
        title=chosen_title(seen, titles, seen.text.find(best.text) if best else -1),
        published_on=best.on if best else None,
        date_text=best.text if best else None,
        date_source=best.source if best else None,
        candidates=tuple(each for _, each in ranked),
        source=source_name(seen),
        outcome=_outcome(seen, best),
        why=why,
    )


def _outcome(seen: Visible, best: DateCandidate | None) -> Outcome:
    if best is not None:
        return Outcome.OK
    return Outcome.UNDATED if seen.text else Outcome.UNREADABLE


def _chosen(fit: list[Ranked]) -> tuple[DateCandidate | None, str]:
    if not fit:
        return None, "页面上没有能确认为发布日期的日期"
    rank, first = fit[0]
    unsure = rank >= _WEAK or first.rule == _PLAIN
    best = _agreed([each for _, each in fit]) if unsure else first
    if best is None:
        return None, "页面没有标注发布日期，其余线索又不一致"
    return best, f"日期取自{best.rule}"


def _agreed(weak: list[DateCandidate]) -> DateCandidate | None:
    """Which day do most kinds of weak cues name? On a tie what is in sight, by the title first."""
    kinds: dict[date, set[DateSource]] = {}
    for each in weak:
        kinds.setdefault(each.on, set()).add(each.source)
    most = max(len(sources) for sources in kinds.values())
    likely = [each for each in weak if len(kinds[each.on]) == most]
    if len({each.on for each in likely}) > 1:
        likely = [each for each in likely if each.source is DateSource.TEXT]
    if likely and (likely[0].rule == _PLAIN or len({each.on for each in likely}) == 1):
        return likely[0]
    return None


def _in_sight(seen: Visible, titles: list[str], today: date) -> Iterator[Ranked]:
    """Every date of the visible text; of endless tables only the first and the last ones."""
    title_spans = anchors(seen.text, titles)
    found = [each for each in full_dates(seen.text) if each.on.year >= _OLDEST_YEAR]
    for each in [*found[:_FIRST_DATES], *found[_FIRST_DATES:][-_LAST_DATES:]]:
        rank, rule, source = _judged(cues_of(seen, title_spans, each, today))
        yield rank, DateCandidate(each.on, each.text, source, rule)


def _judged(cue: Cues) -> tuple[int, str, DateSource]:
    if cue.barred:
        return _UNFIT + 2, "另有所指的日期", DateSource.TEXT
    fitting = _fitting(cue)
    if fitting is None:
        return _UNFIT, "正文中的日期", DateSource.TEXT
    return (_UNFIT + 1, "列表、页脚或隐藏的日期", DateSource.TEXT) if cue.is_aside() else fitting


def _fitting(cue: Cues) -> tuple[int, str, DateSource] | None:
    """Which rule does this date meet first, if any?"""
    if cue.prose:
        return None
    for rank, (rule, source, holds) in enumerate(_RULES):
        if holds(cue):
            return rank, rule, source
    for rule, source, holds in _WEAK_RULES:
        if holds(cue):
            return (_UNFIT, _AHEAD, source) if cue.ahead else (_WEAK, rule, source)
    return None


_DATE_LITERAL = re.compile(r"[\"'](?:19|20)\d\d[-/.年]\d")
_PUBLISH_VARIABLE = re.compile(
    r"\b(?:pub(?:lish)?_?(?:date|time)|rel(?:ease)?_?(?:date|time)|pubdata|docreltime|chntime"
    r"|fbrq|fbsj)"
    r"""["']?\s{0,3}[:=]\s{0,3}["']([^"'\n]{8,30})["']""",
    re.IGNORECASE,
)
# The directory of 广东 (gkmlpt) embeds its record; create_time is what it labels 发布日期.
_RECORD = re.compile(r'"create_time"\s?:\s?"?(\d{10})\b')
_RECORD_CHARS = 20_000
_MOST_SCRIPTS = 500
_META_DATES = (
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "article:published_time",
    "datepublished",
    "firstpublishedtime",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "createdate",
    "maketime",
)


def _out_of_sight(seen: Visible, url: str) -> Iterator[Ranked]:
    """What scripts, meta tags and the address say."""
    yield from _in_scripts(seen)
    for name in _META_DATES:
        said = seen.metas.get(name)
        if said and (on := instant_day(said)):
            yield _META, DateCandidate(on, said, DateSource.META, "网页元数据")
            break
    if on := url_date(url):
        yield _ADDRESS, DateCandidate(on, url, DateSource.URL, "网址")


def _in_scripts(seen: Visible) -> Iterator[Ranked]:
    """Publication variables that no script was seen to write; only when they agree."""
    days: dict[date, str] = {}
    for code in seen.scripts[:_MOST_SCRIPTS]:
        values = _PUBLISH_VARIABLE.findall(code) if _DATE_LITERAL.search(code) else []
        record = code.find("DETAIL:")
        if record >= 0:
            values += _RECORD.findall(code, record, record + _RECORD_CHARS)[:1]
        for value in values:
            if on := instant_day(value):
                days.setdefault(on, value)
    if len(days) == 1:
        on, value = days.popitem()
        yield _SCRIPT, DateCandidate(on, value, DateSource.LABEL, "脚本中的发布日期")
