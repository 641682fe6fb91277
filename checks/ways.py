"""Which way of knowing decides where there are several: looks, exports, entries by hand?

No way that failed hides one that did not, and none makes late what another shows to be in time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from checks.calendar import Limit
from checks.facts import History, LetterState, Method, Outcome, Visit
from checks.freshness import Moment, shown_to, stale_reason, unseen_reason
from checks.letter_numbers import plain_number
from checks.letter_words import is_answered, is_declined
from checks.replies import seen_day, unlooked
from checks.subjects import Subject, SubjectKind


@dataclass(frozen=True, slots=True)
class Spans:
    """How old may it be: a look of our own, and what a person brought?"""

    look: Limit
    word: Limit


def deciding(subject: Subject, history: History, moment: Moment, spans: Spans) -> History:
    """By what is a subject judged that persons speak of too?

    Of the ways that may be relied on today, an account stands by the one that shows the latest
    post, a mailbox by its page before an export. A later post that an earlier look or an old word
    showed is known, whatever decides.
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
    best = max(able, key=lambda way: _latest(way, moment, spans))
    if best is looked:
        return _beside(looked, history.word)
    return _not_older(word, history.dated or history.good)


def _latest(way: History, moment: Moment, spans: Spans) -> tuple[date, bool, date, datetime]:
    """Of ways that show the same day, one that can show that nothing came later goes before one
    that leaves a doubt: what a person saw before a mirror, or a feed that has stopped."""
    visit = _good(way)
    stopped = (moment.as_of - shown_to(visit)).days > spans.look.n
    settled = not visit.unresolved and (visit.method.brought or not stopped)
    return visit.newest or date.min, settled, shown_to(visit), visit.observed_at


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


def _beside(looked: History, word: Visit) -> History:
    """A look that lacks a post which the office named may lack later ones as well.

    One that shows posts without their days says nothing either way.
    """
    known = _not_older(looked, word)
    if known is looked or _good(looked).outcome is Outcome.UNDATED:
        return looked
    visit = replace(_good(known), shown_to=shown_to(word))
    return replace(known, last=visit, good=visit)


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
    for state in sorted(states, key=lambda state: state.seen_at):
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
    """One letter of its ways: what settles it first; where it is open, what may be relied on.

    No way makes late what another shows to be in time: of two answers the one that took less time
    counts, of two days of receipt the later, of two extensions the longer.
    """
    shown = [ways[method] for method in (Method.EXPORT, Method.CRAWL) if method in ways]
    if not shown:
        return None
    whole = [_filled(state, shown) for state in shown]
    settled = [state for state in whole if is_answered(state.letter) or is_declined(state.letter)]
    best = min(settled, key=_settling) if settled else max(whole, key=lambda x: _trust(x, unseen))
    # The number stays as it was first written, so that a finding keeps its letter.
    first = min(reversed(shown), key=lambda state: state.first_seen_at)
    letter = replace(best.letter, ref=first.letter.ref)
    until, words = max(
        ((day, s.letter.extension) for s in ways.values() if (day := s.letter.extended_to)),
        key=lambda approved: approved[0],
        default=(None, None),
    )
    letter = replace(letter, extended_to=until, extension=words)
    state = replace(best, letter=letter, first_seen_at=first.first_seen_at)
    return KnownLetter(state, unseen[best.method])


def _filled(state: LetterState, shown: Sequence[LetterState]) -> LetterState:
    """What one way does not say of a letter, another may."""
    letter = state.letter
    for other in shown:
        letter = replace(
            letter,
            received_on=letter.received_on or other.letter.received_on,
            accepted_on=letter.accepted_on or other.letter.accepted_on,
            unit=letter.unit or other.letter.unit,
            url=letter.url or other.letter.url,
            category=letter.category or other.letter.category,
        )
    return replace(state, letter=letter)


def _settling(state: LetterState) -> tuple[int, int]:
    """Least is: owed to nobody, then answered in the fewest days, then on a day not told."""
    letter, start = state.letter, _start(state)
    if is_declined(letter) and letter.replied_on is None:
        return 0, 0
    if letter.replied_on is None or start is None:
        return 2, 0
    return 1, (letter.replied_on - start).days


def _start(state: LetterState) -> date | None:
    return state.letter.received_on or state.letter.accepted_on


def _trust(state: LetterState, unseen: Mapping[Method, str | None]) -> tuple[bool, date, date]:
    return unseen[state.method] is None, _start(state) or date.min, seen_day(state)
