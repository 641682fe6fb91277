"""Which of a page's runs of rows is the list that the page exists for?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crawler.readers.listing.aside import bears_page_name, is_aside
from crawler.readers.listing.filled import filled_elsewhere
from crawler.readers.listing.places import Places, Run
from crawler.readers.listing.runs import find_runs
from crawler.readers.listing.scan import Scan
from crawler.readers.listing.score import score
from crawler.readers.listing.slots import row_dates
from crawler.readers.listing.undated import undated_run, undated_score, with_undated_rows

_PORTAL_RUNS = 3
_PORTAL_ROWS = 3
_PORTAL_SHARE = 0.5
_SURE_WEIGHT = 0.8
_SHORTEST_LONE_TITLE = 6
_LONGEST_LONE_ROW = 200
_MOST_LONE_LINKS = 3
_MUCH_BETTER = 2.0
_CLEARLY_BETTER = 1.5
_HOLDERS = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """The runs that make up the list, and in Chinese what they are.

    `undecided`: there are lists, but which is the column cannot be told.
    """

    runs: tuple[Run, ...]
    why: str
    undecided: bool = False


def best_list(places: Places, base: str, today: date) -> Choice:
    """The one list the page exists for; all of them where it consists of several.

    A list under a heading that the page's title repeats comes before all others: of the blocks
    通知公告 and 公示公告 the page 通知公告 is the first alone, the page 公告公示 both, since equal
    blocks of one page all belong to it. Lists that could each be the column, and differ in
    their newest day, leave it undecided.
    """
    scan = places.scan
    credible = [run for run in find_runs(places) if _credible(scan, run)]
    runs = [run for run in credible if not _beside(scan, run)]
    if not runs:
        return _undated(places, "有日期的只是旁栏" if credible else "没有找到列表")
    named = [run for run in runs if bears_page_name(scan, run.start)]
    scores = {run.start: score(scan, run, base) for run in named or runs}
    best = max(named or runs, key=lambda run: scores[run.start])
    if not named and filled_elsewhere(scan, best):
        return Choice((), "列表由脚本填充，页面上有日期的是其他内容", undecided=True)
    undated = undated_run(places) if len(best.rows) == 1 else None
    if undated and undated_score(undated) > _MUCH_BETTER * scores[best.start]:
        return Choice((undated,), "列表没有日期")
    if not named and _is_portal(runs, scores, best):
        return _several(places, runs)
    near = scores[best.start] / _CLEARLY_BETTER
    rivals = [run for run in named or runs if run is best or len(run.rows) > 1]
    return _settled(places, best, [run for run in rivals if scores[run.start] >= near], today)


def _settled(places: Places, best: Run, rivals: Sequence[Run], today: date) -> Choice:
    """One of several lists that score alike, all of them, or none."""
    scan = places.scan
    if len(rivals) > 1 and len({_holders(scan, run) for run in rivals}) == 1:
        return _several(places, rivals)
    if len(rivals) > 1 and _disagree(scan, rivals, today):
        why = "页面有几处相似的列表，不能确定哪一处是本栏目，请指定区域"
        return Choice((), why, undecided=True)
    return Choice((with_undated_rows(places, best),), "按页面结构识别列表")


def _holders(scan: Scan, run: Run) -> tuple[str, ...]:
    """What holds the run, by tags and classes: equal blocks of one page are held alike."""
    return tuple(
        f"{scan.tags[at]}.{scan.attribute(at, 'class')}"
        for at in scan.ancestors(run.start, _HOLDERS)
    )


def _several(places: Places, runs: Sequence[Run]) -> Choice:
    return Choice(tuple(with_undated_rows(places, run) for run in runs), "多个栏目的页面")


def _disagree(scan: Scan, rivals: Sequence[Run], today: date) -> bool:
    """Would it make a difference which of these lists is the column?"""
    days = [row_dates(scan, run.rows, today) for run in rivals]
    newest = {
        max((d.on for d in each if d and d.on and d.on <= today), default=None) for each in days
    }
    return len(newest) > 1


def _undated(places: Places, otherwise: str) -> Choice:
    run = undated_run(places)
    return Choice((run,), "列表没有日期") if run else Choice((), otherwise)


def _beside(scan: Scan, run: Run) -> bool:
    """Is this a sidebar's or a footer's list, and not the column that the page is named after?"""
    return is_aside(scan, run.start) and not bears_page_name(scan, run.start)


def whole_scope(places: Places, base: str, _today: date) -> Choice:
    """Inside a configured area the longest run is the list, whatever its name."""
    runs = find_runs(places)
    if not runs:
        return _undated(places, "指定区域内没有找到列表")
    best = max(runs, key=lambda run: score(places.scan, run, base))
    return Choice((with_undated_rows(places, best),), "按指定区域读取")


def all_lists(places: Places, _base: str, _today: date) -> Choice:
    runs = [run for run in find_runs(places) if _credible(places.scan, run)]
    return Choice(tuple(with_undated_rows(places, run) for run in runs), "首页各栏目合并读取")


def _credible(scan: Scan, run: Run) -> bool:
    """A single dated link may be anything; it counts only where it looks like a list's row."""
    if len(run.rows) > 1:
        return True
    row = run.rows[0]
    sure = max(mark.weight for mark in row.marks) >= _SURE_WEIGHT
    titled = max(len(link.title) for link in row.links) >= _SHORTEST_LONE_TITLE
    short = len(scan.text(row.at)) <= _LONGEST_LONE_ROW and len(row.links) <= _MOST_LONE_LINKS
    headline = "h1" in scan.tags[row.at : row.end + 1]
    return sure and titled and short and not headline and not is_aside(scan, run.start)


def _is_portal(runs: Sequence[Run], scores: dict[int, float], best: Run) -> bool:
    """Does the page consist of several lists, none of which is clearly the page's own?"""
    lists = [run for run in runs if len(run.rows) >= _PORTAL_ROWS]
    total = sum(len(run.rows) for run in runs)
    second = max((scores[run.start] for run in runs if run is not best), default=0.0)
    return (
        len(lists) >= _PORTAL_RUNS
        and len(best.rows) <= _PORTAL_SHARE * total
        and second * _MUCH_BETTER >= scores[best.start]
    )
