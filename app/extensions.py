"""An approved extension of one letter, entered by hand; taken back the same way, never erased."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from app.letters_import import MailboxError, mailbox_of
from checks.facts import Letter, LetterState, Method, Outcome
from checks.letter_numbers import plain_number
from checks.marks import without_numbers
from storage.clock import now
from storage.ledger import Ledger, Sighting
from storage.uploads.letters import GRANT, LONGEST, extension_words

NEAR = 5


@dataclass(frozen=True, slots=True)
class Extension:
    """What was typed. `until` None: an extension entered before is taken back."""

    mailbox: str
    ref: str
    until: date | None
    approved_by: str | None
    reason: str
    by: str


def extend(ledger: Ledger, said: Extension) -> Letter:
    """Write the extension down, or take it back; returns the letter as it is kept.

    It is a sighting of its own kind (`Method.MANUAL`) of this one letter. It shows that somebody
    extended the letter and no more: neither the letter nor its mailbox was looked at. Raises
    MailboxError naming everything at fault.
    """
    present = now()
    subject = mailbox_of(ledger, said.mailbox)
    states = ledger.letters(present, [subject.key]).get(subject.key, [])
    mine = [each for each in states if plain_number(each.letter.ref) == plain_number(said.ref)]
    faults = [*_faults(said)]
    faults += _date_faults(said, mine) if mine else [_unknown(said.ref, states)]
    if faults:
        raise MailboxError("\n".join(faults))
    letter = _letter(said, mine)
    ledger.bring(
        Sighting(
            subject=subject.key,
            observed_at=present,
            outcome=Outcome.OK,
            letters=(letter,),
            note=f"来信 {letter.ref}：{_words(letter)}",
            method=Method.MANUAL,
            by=said.by.strip(),
        )
    )
    return letter


def _faults(said: Extension) -> Iterator[str]:
    if not said.by.strip():
        yield "经办人（--by）：不能为空"
    texts = {"approved_by": said.approved_by, "reason": said.reason}
    options = {"approved_by": "批准人（--approved-by）", "reason": "原因（--reason）"}
    for name in GRANT:
        text = texts[name]
        if text is None and said.until is None:
            continue
        if not (text or "").strip():
            yield f"{options[name]}：不能为空"
        elif len(text or "") > LONGEST[name]:
            yield f"{options[name]}：应不超过{LONGEST[name]}个字"


def _date_faults(said: Extension, mine: Sequence[LetterState]) -> Iterator[str]:
    letter = _newest(mine).letter
    if said.until is None:
        if not any(each.method is Method.MANUAL and each.letter.extended_to for each in mine):
            yield f"来信 {letter.ref} 没有可撤回的延期；导出表中的延期，请在后台更正后重新导入"
        return
    start = letter.received_on or letter.accepted_on
    if start is None:
        yield f"来信 {letter.ref} 没有来信日期，不能延期"
    elif said.until <= start:
        yield f"延期至（--until）：{said.until}，应晚于来信日期 {start}"


def _letter(said: Extension, mine: Sequence[LetterState]) -> Letter:
    letter = _newest(mine).letter
    if said.until is None:
        taken_back = without_numbers(f"已撤回：{said.reason.strip()}")
        return replace(letter, extended_to=None, extension=taken_back)
    words = extension_words((said.approved_by or "").strip(), said.reason.strip())
    return replace(letter, extended_to=said.until, extension=words)


def _newest(mine: Sequence[LetterState]) -> LetterState:
    """The letter as it was last seen, by whichever way it is known."""
    seen = [each for each in mine if each.method is not Method.MANUAL]
    return max(seen or mine, key=lambda each: each.seen_at)


def _words(letter: Letter) -> str:
    until = f"延期至{letter.extended_to}，" if letter.extended_to else "延期"
    return f"{until}{letter.extension}"


def _unknown(ref: str, states: Sequence[LetterState]) -> str:
    """The refusal, with the numbers that may have been meant."""
    refs = list(dict.fromkeys(each.letter.ref for each in states))
    wanted = plain_number(ref)
    near = [each for each in refs if wanted and wanted in plain_number(each)]
    near += [each for each in get_close_matches(wanted, refs, NEAR) if each not in near]
    told = f"相近的编号：{'、'.join(near[:NEAR])}" if near else "没有相近的编号"
    return f"信箱中没有编号为 {without_numbers(ref)} 的来信。{told}"
