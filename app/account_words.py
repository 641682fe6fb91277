"""What an export and an entry by hand have in common: the account meant, and what contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import quote

from checks.facts import History, Method, Visit
from checks.freshness import METHOD_WORDS, local_day
from checks.subjects import Subject, SubjectKind
from storage.ledger import Ledger


def accounts_of(ledger: Ledger) -> dict[str, Subject]:
    """The registered accounts by id."""
    return {each.id: each for each in ledger.subjects() if each.kind is SubjectKind.ACCOUNT}


def account_id(written: str) -> str:
    """The id of an account written as `ID` or `account:ID`."""
    return written.strip().removeprefix(f"{SubjectKind.ACCOUNT}:")


def unknown_account(wanted: str, accounts: dict[str, Subject]) -> str:
    return f"登记册中没有账号 {wanted}。已登记的账号：{'、'.join(accounts) or '（无）'}"


def urn(method: Method, account: Subject, on: date) -> str:
    """Under which address is what a person brought of this account kept?"""
    return f"urn:xunjian:{method}:{quote(account.id)}:{on}"


def newest_known(history: History) -> Visit | None:
    """Which visit shows the latest post so far: the last good look, or the last word brought?"""
    known = (history.good, history.dated, history.word)
    shown = [visit for visit in known if visit is not None and visit.newest is not None]
    return max(shown, key=lambda visit: visit.newest or date.min, default=None)


def told_by(visit: Visit) -> str:
    """By which way, when and by whom did the ledger come to know it?"""
    by = f"，{visit.by}" if visit.by else ""
    return f"{local_day(visit.observed_at)} {METHOD_WORDS[visit.method]}{by}"


def contradictions(
    history: History, newest: date | None, shown_to: date, *, deleted: bool
) -> Iterator[str]:
    """Why may this not be taken in beside what the ledger knows? None yielded: it may.

    An export of some weeks only, or a slip of the pen, would make an account late that is not.
    What was posted after the day that it shows contradicts nothing.
    """
    word, known = history.word, newest_known(history)
    if word is not None and word.shown_to is not None and shown_to < word.shown_to:
        yield (
            f"反映到 {shown_to}，早于台账已有的 {word.shown_to}（{told_by(word)}）；"
            "较早的情况不能覆盖较晚的"
        )
    if known is None or known.newest is None or known.newest > shown_to or deleted:
        return
    if newest is None or newest < known.newest:
        yield (
            f"最新一条为 {newest or '无'}，早于台账已见的 {known.newest}（{told_by(known)}）；"
            "请核对是否只导出了部分时段或日期有误；较新的内容确已删除的，加 --deleted"
        )


def history_of(ledger: Ledger, account: Subject, at: datetime) -> History:
    return ledger.histories([account.key], at).get(account.key, History())
