"""Upkeep of what was kept: evidence past its term, old probes, old mails, the chain.

`keep_house` is the day's round of the service; each part is a command as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.alone import alone
from app.settings import Settings
from checks.freshness import local_day
from checks.subjects import SubjectKind
from storage.attachments import check_files
from storage.ledger import Ledger
from storage.ledger.chain import WHOLE, Portion
from storage.ledger.keeping import Removable, Terms
from storage.ledger.probes import PACKED_AFTER
from storage.size import bytes_in

EVIDENCE = "evidence"  # the lease of whoever gives up or copies evidence
GIB = 2**30
PORTIONS = 30  # a portion a day: within a month every answer was read


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was given up, or would be. `size` and `budget` are bytes of evidence/.

    `faults` are files that could not be written anew; nothing of them is lost.
    """

    removed: int
    over_budget: int
    mails: int
    before: int
    size: int
    budget: int | None
    faults: tuple[str, ...]

    @property
    def too_large(self) -> bool:
        return self.budget is not None and self.size > self.budget


@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk along the chain found. `removed`: given up, of which only the hash is left."""

    links: int
    removed: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class House:
    """What a day's round did, and what the operator must see to."""

    pruned: Pruned
    packed: int
    verified: Verified

    @property
    def faults(self) -> tuple[str, ...]:
        over = (too_large_words(self.pruned),) if self.pruned.too_large else ()
        return (*over, *self.pruned.faults, *self.verified.faults)


def keep_house(settings: Settings, ledger: Ledger, present: datetime) -> House:
    """The day's round: give up what is past its term, forget old logins, pack old probes, check a
    thirtieth.

    Raises DatabaseError, OSError. A round that was cut short is done by the next.
    """
    pruned = prune_now(settings, ledger, present)
    ledger.forget_entrances(present - timedelta(days=settings.keep.entrances))
    packed = ledger.pack_probes(local_day(present - PACKED_AFTER))
    portion = Portion(local_day(present).toordinal() % PORTIONS, PORTIONS)
    return House(pruned, packed, verify_now(ledger, portion))


def prune_now(
    settings: Settings, ledger: Ledger, present: datetime, *, dry_run: bool = False
) -> Pruned:
    """Give up evidence that is past its term, then, over the budget, the oldest nothing rests on.

    What must stay stays, whatever the budget says. Raises DatabaseError, OSError.
    """
    keep = settings.keep
    budget = None if keep.budget_gib is None else int(keep.budget_gib * GIB)
    folder = ledger.evidence.folder
    with alone(ledger, EVIDENCE):
        faults = {} if dry_run else dict(ledger.erase(present))
        before = bytes_in(folder)
        found = list(ledger.removable(terms_of(settings), present))
        due = [each for each in found if each.due]
        rest = [each for each in found if not each.due]
        size = before
        if dry_run:
            left = size - len(due) * _usual(ledger, size)
            over = _beyond(ledger, left, budget, rest)
            return Pruned(len(due) + len(over), len(over), 0, before, size, budget, ())
        if due:
            ledger.give_up([each.id for each in due], present, "保留期限已满")
            faults |= dict(ledger.erase(present))
            size = bytes_in(folder)
        count = 0
        while over := _beyond(ledger, size, budget, rest):
            rest, count = rest[len(over) :], count + len(over)
            ledger.give_up([each.id for each in over], present, "证据容量超过上限")
            faults |= dict(ledger.erase(present))
            if (left := bytes_in(folder)) >= size:
                break  # What cannot be erased must not cost ever more.
            size = left
        mails = ledger.empty_mails(present - timedelta(days=keep.mails))
    told = tuple(f"证据文件 {warc} 未能清理：{fault}" for warc, fault in faults.items() if fault)
    return Pruned(len(due) + count, count, mails, before, size, budget, told)


def _beyond(
    ledger: Ledger, size: int, budget: int | None, rest: Sequence[Removable]
) -> Sequence[Removable]:
    """About as many of the oldest as the budget asks for, by the size of a usual answer."""
    if budget is None or size <= budget:
        return ()
    return rest[: -(-(size - budget) // _usual(ledger, size))]


def _usual(ledger: Ledger, size: int) -> int:
    return max(1, size // max(1, ledger.answers_kept()))


def terms_of(settings: Settings) -> Terms:
    """The terms of [keep]."""
    keep = settings.keep
    pages = {
        SubjectKind.COLUMN: keep.columns,
        SubjectKind.SITE: keep.sites,
        SubjectKind.MAILBOX: keep.mailboxes,
        SubjectKind.ACCOUNT: keep.accounts,
    }
    return Terms(pages, keep.pages, keep.findings)


def verify_now(
    ledger: Ledger,
    portion: Portion = WHOLE,
    *,
    bodies: bool = True,
    on_block: Callable[[int], None] | None = None,
) -> Verified:
    """Does the chain hold, and does what is kept hash to what was written down?

    Of the whole chain, the files that persons gave are checked as well. `on_block` is told after
    each block how many links have been walked.
    """
    links = removed = 0
    faults: list[str] = []
    for previous, block in ledger.evidence_blocks(portion):
        faults += ledger.evidence.check(block, previous, bodies=bodies)
        links += len(block)
        removed += sum(each.removed_at is not None for each in block)
        if on_block is not None:
            on_block(links)
    if bodies:
        records = (*ledger.hand_evidence(), *ledger.event_evidence())
        faults += check_files(ledger.evidence.folder, records)
    return Verified(links, removed, tuple(faults))


def too_large_words(pruned: Pruned) -> str:
    """What the operator is told where what must stay is more than the budget."""
    return (
        f"证据共 {gib(pruned.size)}，超过 [keep] budget_gib 所设的 {gib(pruned.budget or 0)}；"
        "其余均为问题、考核、来信等所依据的证据或近期证据，不予删除。请扩大磁盘或调高上限。"
    )


def gib(size: int) -> str:
    return f"{size / GIB:.2f} GiB"
