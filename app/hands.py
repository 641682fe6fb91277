"""What persons find by hand: checked before it is written, shown as it stood on any day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from app.home import Home
from app.proof import kept_proof, proof_faults
from app.settings import Settings
from app.show import Sheet
from checks.facts import Hand
from checks.freshness import SHANGHAI, local_day
from checks.hands import Place, place
from checks.rules import Law, Pack
from checks.subjects import Subject
from notify.words import KIND_WORDS
from storage.clock import now
from storage.ledger import Ledger

POINTS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,2})?")
HEADS = {
    "subject": "对象",
    "name": "名称",
    "row": "编号",
    "headline": "内容",
    "found": "认定",
    "by": "核查人",
    "on": "核查日期",
    "until": "有效期至",
    "evidence": "证据",
}


class HandError(ValueError):
    """A record that cannot be written: everything at fault with it, in Chinese, a line each."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed. `fault` None: only `points` were given."""

    subject: str
    row: str
    fault: bool | None
    points: str | None
    evidence: str
    by: str
    until: date | None
    pack: str


def record(home: Home, settings: Settings, ledger: Ledger, said: Said) -> Hand:
    """Write down what a person found. Raises HandError naming everything at fault.

    A file given as evidence is copied first; the record then names the copy and its SHA-256.
    """
    present = now()
    today = local_day(present)
    pack = _pack(home.law(settings), said.pack)
    where = place(pack, said.row, today)
    subject = {each.key: each for each in ledger.subjects()}.get(said.subject)
    faults = [*_target_faults(said, where, subject), *_own_faults(said, today)]
    if where is not None:
        faults += _points_faults(said, where)
    if faults or where is None:
        raise HandError("\n".join(faults))
    hand = Hand(
        subject=said.subject,
        pack=pack.name,
        row=where.row,
        fault=said.fault,
        points=None if said.points is None else _decimal(said.points),
        evidence=kept_proof(ledger.evidence.folder, said.evidence),
        by=said.by.strip(),
        at=present,
        until=said.until or where.until(today),
    )
    ledger.record_hand(hand)
    return hand


def withdraw(
    home: Home, settings: Settings, ledger: Ledger, named: tuple[str, str, str], by: str, note: str
) -> Hand:
    """Take back what was found under a row; `named` is subject, row and pack.

    What was said stays in the ledger: a past day is still told as it stood. Raises HandError.
    """
    subject, row, pack = named
    present = now()
    packs = {each.name: each for each in home.law(settings).packs}
    where = place(packs[pack], row, local_day(present)) if pack in packs else None
    kept = where.row if where is not None else row
    held = [h for h in ledger.hands(present).get(subject, ()) if (h.pack, h.row) == (pack, kept)]
    faults = [] if by.strip() else ["核查人（--by）：不能为空"]
    faults += [] if note.strip() else ["撤回原因（--note）：不能为空"]
    faults += [] if held else [f"{subject} 在 {pack}/{kept} 下没有可撤回的人工核查记录"]
    if faults:
        raise HandError("\n".join(faults))
    ledger.record_hand(
        replace(held[0], evidence=note.strip(), by=by.strip(), at=present, until=None),
        withdrawn=True,
    )
    return held[0]


def hands_sheet(
    home: Home, settings: Settings, ledger: Ledger, as_of: date | None, only: str | None
) -> Sheet:
    """What did persons find that held on `as_of` (None: today), of all subjects or of one?"""
    present = now()
    today = local_day(present)
    as_of = as_of or today
    cutoff = datetime.combine(as_of, time.max, SHANGHAI) if as_of < today else present
    law = (ledger.law_at(cutoff) if as_of < today else None) or home.law(settings)
    names = {each.key: each.name for each in ledger.subjects()}
    names |= {each.key: each.name for each in ledger.subjects(cutoff)}
    packs = {pack.name: pack for pack in law.packs}
    rows = [
        _shown(hand, names, packs, as_of)
        for subject, hands in sorted(ledger.hands(cutoff).items())
        for hand in hands
        if only in (None, subject) and (hand.until is None or as_of <= hand.until)
    ]
    public = ("subject", "name", "pack", "row", "headline", "fault", "points", "evidence", "by")
    told = [{name: row[name] for name in (*public, "at", "until")} for row in rows]
    return Sheet({"as_of": as_of, "hands": told}, rows, HEADS, {})


def found_words(hand: Hand) -> str:
    """What did the person find, in a word?"""
    ticks = {True: "有问题", False: "未发现问题", None: ""}[hand.fault]
    points = "" if hand.points is None else f"{hand.points}分"
    return "，".join(filter(None, (ticks, points)))


def _shown(
    hand: Hand, names: Mapping[str, str], packs: Mapping[str, Pack], as_of: date
) -> dict[str, object]:
    pack = packs.get(hand.pack)
    where = place(pack, hand.row, as_of) if pack is not None else None
    return {
        "subject": hand.subject,
        "name": names.get(hand.subject, ""),
        "pack": hand.pack,
        "row": hand.row,
        "headline": where.headline if where is not None else "",
        "found": found_words(hand),
        "fault": hand.fault,
        "points": None if hand.points is None else str(hand.points),
        "evidence": hand.evidence,
        "by": hand.by,
        "on": local_day(hand.at),
        "at": hand.at,
        "until": hand.until,
    }


def _pack(law: Law, name: str) -> Pack:
    packs = {pack.name: pack for pack in law.packs}
    if name not in packs:
        known = "、".join(packs)
        raise HandError(f"指标集 {name} 未启用：请写入设置 [rules] packs。现已启用：{known}")
    return packs[name]


def _target_faults(said: Said, where: Place | None, subject: Subject | None) -> Iterator[str]:
    if subject is None:
        yield f"登记册中没有 {said.subject}。对象写作“种类:编号”，如 site:portal、account:wx"
    if where is None:
        yield (
            f"指标集 {said.pack} 中没有可由人工认定的 {said.row}。"
            "可认定的为：须人工核查的指标和义务、扣分项、加分项"
        )
    elif subject is not None and subject.kind != where.subject:
        kinds = {str(kind): words for kind, words in KIND_WORDS.items()}
        yield f"{said.row} 针对{kinds[where.subject]}，而 {said.subject} 是{kinds[subject.kind]}"


def _own_faults(said: Said, today: date) -> Iterator[str]:
    if not said.by.strip():
        yield "核查人（--by）：不能为空"
    if not said.evidence.strip():
        yield "证据（--evidence）：不能为空，请写明所见，或给出截图等文件"
    else:
        yield from proof_faults(said.evidence)
    if said.until is not None and said.until < today:
        yield f"有效期（--until）：{said.until} 已过"


def _points_faults(said: Said, where: Place) -> Iterator[str]:
    if said.points is None:
        if not where.ticks:
            yield f"{said.row} 是加分项：请用 --points 给出分值"
        return
    if where.most is None:
        yield f"{said.row} 不计分：请用 --fault 或 --none"
        return
    points = _decimal(said.points)
    if points is None:
        yield f"分值（--points）：{said.points!r}，应为不小于 0 的数，至多两位小数"
    elif points > where.most:
        yield f"分值（--points）：{points} 超过上限 {where.most}"


def _decimal(text: str) -> Decimal | None:
    """A number of points, 0 or more, in hundredths at most, as people write it."""
    return Decimal(text) if POINTS.fullmatch(text) else None
