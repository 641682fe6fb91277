"""What the demo's office brings: exports of back ends and entries by hand, as files to look at."""

from __future__ import annotations

import csv
import struct
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from app import account_entry, account_export, letters_import
from app.demo.accounts import Account
from app.demo.letters import Letter, Mailbox
from app.demo.plan import Plan
from app.home import Home
from storage.ledger import Ledger

FOLDER = "imports"
CLERK = "演示经办人"
POSTS = ("作品名称", "发布时间", "评论数", "回复数")
# The caller's own columns stand there as in a real export; nothing is taken of them.
LETTERS = tuple(
    """
    工单编号 来电人 联系电话 诉求标题 诉求时间 承办单位 诉求类型 办理状态 答复时间
    延期至 审批人 延期原因""".split()
)


def bring(home: Home, ledger: Ledger, plan: Plan) -> None:
    """Write the files below `imports/`, and bring each in the way a clerk would."""
    folder = home.path(FOLDER)
    folder.mkdir()
    for account in plan.accounts:
        if account.word is not None:
            _account(home, ledger, folder, account)
    for mailbox in plan.mailboxes:
        if not mailbox.path:
            _mailbox(home, ledger, folder, mailbox)


def _account(home: Home, ledger: Ledger, folder: Path, account: Account) -> None:
    way, shown, newest = account.word or ("entry", None, None)
    if way == "export":
        file = folder / f"{account.id}.csv"
        rows = [(post.title, f"{post.at:%Y-%m-%d %H:%M}", 4, 3) for post in account.posts]
        _write(file, POSTS, rows)
        told = account_export.Asked(file, CLERK, account.id, shown)
        account_export.carry_out(home, ledger, account_export.prepare(home, ledger, told))
        return
    file = folder / f"{account.id}.png"
    file.write_bytes(_picture())
    account_entry.record(ledger, account_entry.Said(account.id, newest, file, CLERK, seen_on=shown))


def _mailbox(home: Home, ledger: Ledger, folder: Path, mailbox: Mailbox) -> None:
    file = folder / f"{mailbox.id}.csv"
    _write(file, LETTERS, [_order(letter) for letter in mailbox.letters])
    told = letters_import.Asked(file, mailbox.id, CLERK)
    letters_import.carry_out(home, ledger, letters_import.prepare(home, ledger, told))


def _order(letter: Letter) -> Sequence[object]:
    """One row of the hotline's export. Caller and number are synthetic."""
    extension = (
        (letter.extended_to, "演示负责人", "须现场核实") if letter.extended_to else ("",) * 3
    )
    return (
        letter.ref,
        "某先生",
        "13800000000",
        letter.title,
        letter.received,
        letter.unit_name,
        letter.category,
        letter.status,
        letter.replied or "",
        *extension,
    )


def _write(file: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([heads, *rows])


def _picture() -> bytes:
    """A grey PNG of one pixel that stands for a screenshot."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x80")),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
