"""Which way of knowing decides where there are several: looks, exports, entries by hand?

No way that failed hides one that did not, and none makes late what another shows to be in time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from checks.calendar import Limit
from checks.facts import History, LetterState, Method, Subject, SubjectKind, Visit
from checks.freshness import Moment, shown_to, stale_reason, unseen_reason
from checks.letter_numbers import plain_number
from checks.replies import is_answered, is_declined, seen_day, unlooked


@dataclass(frozen=True, slots=True)
class Spans:
    """How old may it be: a look of our own, and what a person brought?"""

    look: Limit
    word: Limit


def deciding(subject: Subject, history: History, moment: Moment, spans: Spans) -> History:
    """By what is a subject judged that persons speak of too?

    Of the ways that may be relied on today, an account stands by the one that shows the latest
    post, a mailbox by its page before an export. A later post that an earlier look showed is
    known, whatever decides.
    """
    if history.word is None:
        unlooked = subject.brought and history.last is None
        return replace(history, holds_days=spans.word.n) if unlooked else history
    word = History(history.word, history.word, history.word, spans.word.n)
    looked = replace(history, word=history.word)
    able = [way for way in (looked, word) if unseen_reason(way, moment, spans.look) is None]
    if not able:
        return word if history.last is None else looked
    if subject.kind is SubjectKind.MAILBOX:
        return able[0]
    best = max(able, key=_latest)
    return best if best is looked else _not_older(best, history.dated or history.good)


def _latest(way: History) -> tuple[date, date, datetime]:
    visit = _good(way)
    return visit.newest or date.min, shown_to(visit), visit.observed_at


def _not_older(way: History, good: Visit | None) -> History:
    visit = _good(way)
    if good is None or good.newest is None or (visit.newest or date.min) >= good.newest:
        return way
    known = replace(
        visit,
        newest=good.newest,
        newest_title=good.newest_title,
        newest_url=good.newest_url,
        date_text=good.date_text,
        date_source=good.date_source,
        outcome=good.outcome,
        item_count=max(visit.item_count, 1),
    )
    return replace(way, last=known, good=known)


def _good(way: History) -> Visit:
    if way.good is None:
        raise ValueError("a way that may be relied on has a good look")
    return way.good


@dataclass(frozen=True, slots=True)
class KnownLetter:
    """One letter as all ways together show it; `unseen` says why it may stand otherwise by now."""

    state: LetterState
    unseen: str | None


def known_letters(
    states: Sequence[LetterState], history: History, moment: Moment, spans: Spans
) -> list[KnownLetter]:
    """How does each letter of a mailbox stand, by its page and by what persons brought?

    The same letter is known by its number. What answers it in any way answers it; an open one is
    open only where a way that may be relied on shows it so.
    """
    looked = unseen_reason(replace(history, word=None), moment, spans.look)
    if history.word is None and not any(state.method.brought for state in states):
        return [KnownLetter(state, looked or unlooked(state, history)) for state in states]
    stale = _stale(history.word, moment, spans)
    by_ref: dict[str, dict[Method, LetterState]] = {}
    for state in states:
        by_ref.setdefault(plain_number(state.letter.ref), {})[state.method] = state
    known = []
    for ways in by_ref.values():
        unseen = {
            Method.CRAWL: looked or _missed(ways.get(Method.CRAWL), history),
            Method.EXPORT: stale or _left_out(ways.get(Method.EXPORT), history.word),
        }
        if merged := _merged(ways, unseen):
            known.append(merged)
    return known


def _stale(word: Visit | None, moment: Moment, spans: Spans) -> str | None:
    if word is None:
        return "没有导出的来信"
    return stale_reason(History(word, word, word, spans.word.n), moment, spans.look)


def _missed(state: LetterState | None, history: History) -> str | None:
    return unlooked(state, history) if state is not None else None


def _left_out(state: LetterState | None, word: Visit | None) -> str | None:
    if state is None or word is None or state.seen_at >= word.observed_at:
        return None
    return f"{shown_to(word)}的导出中没有此信"


def _merged(
    ways: Mapping[Method, LetterState], unseen: Mapping[Method, str | None]
) -> KnownLetter | None:
    """One letter of its ways: what settles it first, the back end before the page; where it is
    open, what may be relied on, the latest first.
    """
    shown = [ways[method] for method in (Method.EXPORT, Method.CRAWL) if method in ways]
    if not shown:
        return None
    settled = [state for state in shown if is_answered(state.letter) or is_declined(state.letter)]
    best = settled[0] if settled else max(shown, key=lambda each: _trust(each, unseen))
    # The page's writing of the number stays, so that a finding keeps its letter.
    letter = replace(best.letter, ref=shown[-1].letter.ref)
    for other in shown:
        letter = replace(
            letter,
            received_on=letter.received_on or other.letter.received_on,
            accepted_on=letter.accepted_on or other.letter.accepted_on,
            unit=letter.unit or other.letter.unit,
            url=letter.url or other.letter.url,
            category=letter.category or other.letter.category,
        )
    approved = max(
        (state for state in ways.values() if state.letter.extension),
        key=lambda state: state.seen_at,
        default=None,
    )
    if approved is not None:
        extended_to, extension = approved.letter.extended_to, approved.letter.extension
        letter = replace(letter, extended_to=extended_to, extension=extension)
    first = min(state.first_seen_at for state in shown)
    state = replace(best, letter=letter, first_seen_at=first)
    return KnownLetter(state, unseen[best.method])


def _trust(state: LetterState, unseen: Mapping[Method, str | None]) -> tuple[bool, date]:
    return unseen[state.method] is None, seen_day(state)
