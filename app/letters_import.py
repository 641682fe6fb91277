"""An export of a mailbox's back end: read whole, compared with what is known, then written once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from app.home import Home
from checks.facts import Letter, Method, Outcome
from checks.freshness import local_day
from checks.letter_words import is_answered, is_declined
from checks.marks import without_numbers
from checks.subjects import Subject, SubjectKind
from storage.clock import now
from storage.ledger import Ledger, Sighting
from storage.sheets import ReadSheet, Sheet, UploadError, read_sheet
from storage.templates import FOLDER, Kind, Template, fit, guess, heads_of, load, save
from storage.uploads.kept import evidence_of
from storage.uploads.letters import LettersRead, read_export

KIND: Kind = "letters"
COMPARED = (
    *("received_on", "accepted_on", "replied_on", "unit", "status", "answered", "category"),
    *("extended_to", "extension"),
)

EXTENSION: tuple[str, ...] = ("extended_to", "extension")


class MailboxError(ValueError):
    """What was asked of a mailbox cannot be done: everything at fault, in Chinese, a line each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. `nothing`: the person says that the export holds no letter."""

    file: Path
    mailbox: str
    by: str
    exported_on: date | None = None
    template: str | None = None
    save_as: str | None = None
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class Import:
    """An export as it would be written. `known` are the letters of earlier exports, by number."""

    subject: Subject
    sheet: Sheet
    template: Template
    save_as: str | None
    read: LettersRead
    known: Mapping[str, Letter]
    sighting: Sighting

    @property
    def letters(self) -> tuple[Letter, ...]:
        return self.read.letters

    @property
    def ignored(self) -> list[str]:
        """The heads of which nothing is taken."""
        taken = set(self.template.columns.values())
        return [head for head in self.sheet.heads if head not in taken]

    @property
    def new(self) -> list[Letter]:
        return [letter for letter in self.letters if letter.ref not in self.known]

    @property
    def changed(self) -> list[tuple[Letter, Letter]]:
        """Letters that say something else than before: each before, and now."""
        pairs = [(self.known[each.ref], each) for each in self.letters if each.ref in self.known]
        return [(before, each) for before, each in pairs if changes(before, each)]

    @property
    def lost(self) -> list[Letter]:
        """Open letters of earlier exports that this one lacks: how they stand is not known."""
        held = {letter.ref for letter in self.letters}
        return [
            letter
            for ref, letter in self.known.items()
            if ref not in held and not is_answered(letter) and not is_declined(letter)
        ]


def changes(before: Letter, after: Letter) -> tuple[str, ...]:
    """Which fields of a letter say something else? Titles are not compared: none is kept."""
    return tuple(name for name in COMPARED if getattr(before, name) != getattr(after, name))


def prepare(home: Home, ledger: Ledger, asked: Asked, read_as: ReadSheet = read_sheet) -> Import:
    """What would this export tell? Nothing is written. Raises MailboxError, UploadError.

    A server reads the file in a process of its own: `read_as`.
    """
    present = now()
    shown_to = asked.exported_on or local_day(present)
    subject = mailbox_of(ledger, asked.mailbox)
    if faults := [*_faults(ledger, subject, asked, shown_to, present)]:
        raise MailboxError("\n".join(faults))
    sheet = read_as(asked.file, _wanted(home, asked))
    template = _template(home, asked, sheet)
    known = export_letters(ledger, subject, present)
    read = _kept_on(read_export(sheet, template.columns, shown_to), template, known)
    if bool(read.letters) is asked.nothing:
        why = "表中有来信，与 --nothing 不符" if asked.nothing else NONE_FOUND
        raise UploadError(sheet.origin, [why])
    return Import(
        subject=subject,
        sheet=sheet,
        template=template,
        save_as=asked.save_as,
        read=read,
        known=known,
        sighting=_sighting(subject, sheet, template, read, asked.by, shown_to, present),
    )


NONE_FOUND = "表中没有来信；确无来信的，请加 --nothing"


def carry_out(home: Home, ledger: Ledger, prepared: Import) -> None:
    """Write an export as one visit, and its template where that was asked for."""
    if prepared.save_as:
        save(home.path(FOLDER), replace(prepared.template, name=prepared.save_as))
    ledger.bring(prepared.sighting)


def mailbox_of(ledger: Ledger, mailbox: str) -> Subject:
    """The registered mailbox of this id. Raises MailboxError naming those there are."""
    boxes = {each.id: each for each in ledger.subjects() if each.kind is SubjectKind.MAILBOX}
    wanted = mailbox.removeprefix(f"{SubjectKind.MAILBOX}:")
    if wanted not in boxes:
        there = "、".join(boxes) or "（无）"
        raise MailboxError(f"登记册中没有信箱 {wanted}。已登记的信箱：{there}")
    return boxes[wanted]


def export_letters(ledger: Ledger, subject: Subject, at: datetime) -> dict[str, Letter]:
    """The letters that exports brought by an instant, as the last of them told, by number."""
    states = ledger.letters(at, [subject.key]).get(subject.key, ())
    return {each.letter.ref: each.letter for each in states if each.method is Method.EXPORT}


def _faults(
    ledger: Ledger, subject: Subject, asked: Asked, shown_to: date, present: datetime
) -> Iterator[str]:
    if not asked.by.strip():
        yield "导入人（--by）：不能为空"
    if shown_to > local_day(present):
        yield f"导出日期（--exported-on）：{shown_to} 尚未到来"
    history = ledger.histories([subject.key], present).get(subject.key)
    last = history.word.shown_to if history and history.word else None
    if last is not None and shown_to < last:
        yield (
            f"导出日期（--exported-on）：{shown_to} 早于已导入的 {last}，"
            "较早的导出不能覆盖较晚的导出"
        )


def _kept_on(read: LettersRead, template: Template, known: Mapping[str, Letter]) -> LettersRead:
    """An export without the columns for it takes back no extension and no category."""
    kept = () if "extended_to" in template.columns else EXTENSION
    kept += () if "category" in template.columns else ("category",)
    letters = tuple(
        replace(each, **{name: getattr(known[each.ref], name) for name in kept})
        if each.ref in known
        else each
        for each in read.letters
    )
    return replace(read, letters=letters)


def _wanted(home: Home, asked: Asked) -> Sequence[str]:
    if asked.template is None:
        return sorted(heads_of(KIND))
    return list(load(home.path(FOLDER), KIND, asked.template).columns.values())


def _template(home: Home, asked: Asked, sheet: Sheet) -> Template:
    if asked.template is None:
        return guess(KIND, sheet.heads)
    return fit(load(home.path(FOLDER), KIND, asked.template), sheet.heads)


def _sighting(
    subject: Subject,
    sheet: Sheet,
    template: Template,
    read: LettersRead,
    by: str,
    shown_to: date,
    at: datetime,
) -> Sighting:
    origin = without_numbers(sheet.origin)
    return Sighting(
        subject=subject.key,
        observed_at=at,
        outcome=Outcome.OK if read.letters else Outcome.EMPTY,
        letters=read.letters,
        note=f"原文件名：{origin}，SHA-256：{sheet.sha256}，{len(sheet.rows)}行",
        captures=(evidence_of(read, template.columns, subject.id, shown_to, at),),
        method=Method.EXPORT,
        by=by.strip(),
        shown_to=shown_to,
    )
