"""How far is a site, or an account, from each veto of the table? (国办秘函〔2019〕19号 W2 to M3)

What was not seen is never counted, yet it is told: it could become a fault. So an indicator is
hit, not hit, or not known; with nothing watched for it, it is not known.

A subject counts once among the indicators of one part: in the first row, in the pack's order,
that takes it. A blank news column is a blank column (W4c) and no second time a late one (W4a).
An entry that shows another column's list counts nowhere: that column is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from checks.facts import (
    Judgement,
    LetterJudgement,
    LetterVerdict,
    Subject,
    SubjectKind,
    Verdict,
)
from checks.indicators import Indicator
from checks.judge import Bench
from checks.replies import is_within

NOUNS = {
    SubjectKind.COLUMN: "栏目",
    SubjectKind.MAILBOX: "信箱",
    SubjectKind.ACCOUNT: "账号",
    SubjectKind.SITE: "网站",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """Of `whole` visits `part` met the fault, and of `unclear` ones nobody can say."""

    part: int
    whole: int
    unclear: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of one site (or one account) on `as_of`.

    `measures` and `by_hand` are keyed by indicator id; `by_hand` is what a person found: True
    a fault, False none.
    """

    as_of: date
    kinds: frozenset[SubjectKind]
    rows: Sequence[Judgement]
    letters: Sequence[LetterJudgement] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    by_hand: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one indicator stands.

    `hit` is None where it is not known. `counted` are the subjects at fault, `not_known` those
    that could become so, `watched` how many were looked for; `distance` is how many more
    faults would hit it (0 once hit), None where nothing is counted up to a limit.
    """

    indicator: Indicator
    hit: bool | None
    counted: tuple[Subject, ...] = ()
    not_known: tuple[Subject, ...] = ()
    watched: int = 0
    measure: Measure | None = None

    @property
    def count(self) -> int:
        return len(self.counted)

    @property
    def distance(self) -> int | None:
        limit = self.indicator.limit
        return None if limit is None else max(0, limit - self.count)

    @property
    def words(self) -> str:
        """Where does the indicator stand, in one sentence?"""
        if self.indicator.counts == "hand":
            found = {True: "经人工核查存在问题", False: "经人工核查未发现问题", None: "须人工核查"}
            return found[self.hit]
        if self.indicator.counts == "share":
            return _share_words(self)
        return _count_words(self)


def watched_site(
    bench: Bench,
    site: str,
    measures: Mapping[str, Measure] | None = None,
    by_hand: Mapping[str, bool] | None = None,
) -> Watched:
    """What does the day's bench know of this site, its columns and its mailboxes?"""
    kinds = frozenset((SubjectKind.SITE, SubjectKind.COLUMN, SubjectKind.MAILBOX))
    rows = [
        row
        for row in bench.rows
        if row.subject.site == site and row.subject.kind in kinds and row.inherits is None
    ]
    letters = [row for row in bench.letters if row.mailbox.site == site]
    return Watched(bench.moment.as_of, kinds, rows, letters, measures or {}, by_hand or {})


def watched_account(
    bench: Bench, account: str, by_hand: Mapping[str, bool] | None = None
) -> Watched:
    """What does the day's bench know of this account? `account` is its id."""
    kinds = frozenset((SubjectKind.ACCOUNT,))
    rows = [row for row in bench.rows if row.subject.key == f"{SubjectKind.ACCOUNT}:{account}"]
    return Watched(bench.moment.as_of, kinds, rows, by_hand=by_hand or {})


def standings(
    watched: Watched, indicators: Iterable[Indicator], part: str = "veto"
) -> tuple[Standing, ...]:
    """How does each indicator of one part stand, in the pack's order?

    `indicators` are those in force on the day; those about other kinds of subject are left out.
    """
    told: list[Standing] = []
    taken: set[str] = set()
    for indicator in indicators:
        if indicator.part != part or indicator.subject not in watched.kinds:
            continue
        standing = _stand(watched, indicator, frozenset(taken))
        taken |= {subject.key for subject in standing.counted}
        told.append(standing)
    return tuple(told)


def vetoed(told: Iterable[Standing]) -> bool | None:
    """Is there a veto? None where it cannot be ruled out.

    A hit of an indicator that is not verified is for a person to confirm, so it gives None.
    """
    answers = [s.hit if s.indicator.verified or not s.hit else None for s in told]
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _stand(watched: Watched, indicator: Indicator, taken: frozenset[str]) -> Standing:
    if indicator.counts == "hand":
        return Standing(indicator, watched.by_hand.get(indicator.id))
    if indicator.counts == "share":
        measure = watched.measures.get(indicator.id)
        return Standing(indicator, _share_hit(indicator, measure), measure=measure)
    asked: dict[str, list[Judgement]] = {}
    for row in watched.rows:
        if _asked(indicator, row):
            asked.setdefault(row.subject.key, []).append(row)
    answers = {
        rows[0].subject: _at_fault(watched, indicator, rows)
        for key, rows in asked.items()
        if key not in taken
    }
    counted = tuple(subject for subject, at_fault in answers.items() if at_fault)
    not_known = tuple(subject for subject, at_fault in answers.items() if at_fault is None)
    hit = _count_hit(indicator, len(counted), len(not_known), len(asked))
    return Standing(indicator, hit, counted, not_known, len(asked))


def _count_hit(indicator: Indicator, count: int, not_known: int, watched: int) -> bool | None:
    limit = indicator.limit or 1
    if count >= limit:
        return True
    return None if not watched or count + not_known >= limit else False


def _share_hit(indicator: Indicator, measure: Measure | None) -> bool | None:
    if indicator.share is None or indicator.least is None:
        raise ValueError(f"indicator {indicator.id}: a share needs share and least")
    if measure is None or measure.whole < indicator.least:
        return None
    bound = indicator.share * measure.whole
    if measure.part >= bound:
        return True
    return None if measure.part + measure.unclear >= bound else False


def _asked(indicator: Indicator, row: Judgement) -> bool:
    """Does this row speak of what the indicator counts?"""
    if row.subject.kind != indicator.subject:
        return False
    return not indicator.rules or (row.pack == indicator.pack and row.rule in indicator.rules)


def _at_fault(watched: Watched, indicator: Indicator, rows: Sequence[Judgement]) -> bool | None:
    verdicts = {row.verdict for row in rows}
    if Verdict.EXEMPT in verdicts:
        return False
    if indicator.counts == "letters":
        unseen = Verdict.UNKNOWN in verdicts
        return _letters_at_fault(watched, indicator, rows[0].subject, unseen)
    if verdicts & set(indicator.verdicts):
        return True
    # Without a day nothing shows that the subject was updated in time, nor that it was not.
    unsure = {Verdict.UNKNOWN, Verdict.UNDATED} if indicator.rules else {Verdict.UNKNOWN}
    return None if verdicts & unsure else False


def _letters_at_fault(
    watched: Watched, indicator: Indicator, mailbox: Subject, unseen: bool
) -> bool | None:
    answers = [
        _letter_at_fault(watched.as_of, indicator, letter)
        for letter in watched.letters
        if letter.mailbox.key == mailbox.key
        and letter.pack == indicator.pack
        and letter.rule in indicator.rules
    ]
    if True in answers:
        return True
    return None if unseen or None in answers else False


def _letter_at_fault(as_of: date, indicator: Indicator, row: LetterJudgement) -> bool | None:
    """Does this letter count? One received before the span does not, whatever became of it."""
    if indicator.within is None:
        raise ValueError(f"indicator {indicator.id}: letters need within")
    if not is_within(row.letter, as_of, indicator.within):
        return False
    if row.verdict in indicator.verdicts:
        return True
    is_open = row.verdict in (LetterVerdict.WAITING, LetterVerdict.PROVISIONAL)
    return None if is_open and (row.due is None or row.due < as_of) else False


def _count_words(standing: Standing) -> str:
    noun, limit = NOUNS[SubjectKind(standing.indicator.subject)], standing.indicator.limit
    if not standing.watched:
        return f"未登记可供本项检查的{noun}，不作判定"
    parts = [f"计入{standing.count}个{noun}"]
    if limit is not None and standing.distance:
        parts.append(f"达到{limit}个为单项否决，还差{standing.distance}个")
    elif limit is not None:
        parts.append(f"已达到单项否决的{limit}个")
    if standing.not_known:
        parts.append(f"另有{len(standing.not_known)}个未能判定，未计入，查清后可能计入")
    return "；".join(parts)


def _share_words(standing: Standing) -> str:
    measure, indicator = standing.measure, standing.indicator
    if measure is None or indicator.share is None:
        return "尚无监测数据，不作判定"
    facts = f"监测{measure.whole}次，其中{measure.part}次未能在时限内打开"
    if measure.whole < (indicator.least or 0):
        return f"{facts}；监测次数不足{indicator.least}次，不作判定"
    if standing.hit is None:
        return f"{facts}；另有{measure.unclear}次情况不明，不作判定"
    bound = f"{(indicator.share * 100).normalize():f}%"
    share = f"{(Decimal(measure.part) * 100 / measure.whole):.2f}%"
    return f"{facts}，占{share}；{'已达到' if standing.hit else '未达到'}单项否决的{bound}"
