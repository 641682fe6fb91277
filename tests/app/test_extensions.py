"""`xunjian mailbox extend`: an approved extension of one letter, entered and taken back by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.extensions import Extension, extend
from app.home import Home
from app.letters_import import MailboxError
from checks.facts import Letter, LetterState, Method, Outcome
from checks.freshness import local_day
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger, Sighting
from tests.app.run import called
from tests.app.test_bad_input import SETTINGS, UNIT, site

INVENTORY = (
    UNIT
    + site("https://www.example.gov.cn")
    + '[[mailbox]]\nid = "rx"\nsite = "s"\nname = "市长信箱"\nunit = "zfb"\n'
    + 'url = "https://www.example.gov.cn/rx/"\n'
)
BOX = "mailbox:rx"
TODAY = local_day(now())
RECEIVED, UNTIL = TODAY - timedelta(20), TODAY + timedelta(10)
ADDRESS = "https://www.example.gov.cn/rx/1"
SHOWN = Letter("GK 2026-001", "来信", ADDRESS, RECEIVED, status="办理中")
EXPORTED = Letter("GK2026-002", "来信", None, RECEIVED, unit="城管局", answered=False)
SAID = Extension("rx", "GK2026-001", UNTIL, "李局长", "案情复杂", "经办人")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, database: str) -> Path:
    """A home with one letter on the page and one in an export, made once and copied."""
    folder = tmp_path_factory.mktemp("extensions") / "home"
    folder.mkdir()
    folder.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    ledger = Home(folder).open_ledger()
    at = now() - timedelta(days=2)
    ledger.load_inventory(read_toml(INVENTORY, "synthetic"), at)
    ledger.record(ledger.start_run(1, at), Sighting(BOX, at, Outcome.OK, letters=(SHOWN,)))
    ledger.bring(brought(at, EXPORTED))
    ledger.close()
    return folder


def brought(at: datetime, *letters: Letter) -> Sighting:
    shown_to = local_day(at)
    return Sighting(
        BOX, at, Outcome.OK, letters=letters, method=Method.EXPORT, by="王", shown_to=shown_to
    )


@pytest.fixture
def home(tmp_path: Path, loaded: Path) -> Home:
    return Home(shutil.copytree(loaded, tmp_path / "home"))


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    ledger = home.open_ledger()
    yield ledger
    ledger.close()


def states(ledger: Ledger) -> dict[tuple[str, Method], LetterState]:
    return {(each.letter.ref, each.method): each for each in ledger.letters(now())[BOX]}


def said(**other: Any) -> Extension:
    told = {name: getattr(SAID, name) for name in Extension.__slots__}
    return Extension(**{**told, **other})


def refused(ledger: Ledger, **other: Any) -> list[str]:
    before = states(ledger)
    with pytest.raises(MailboxError) as raised:
        extend(ledger, said(**other))
    assert states(ledger) == before
    return str(raised.value).splitlines()


@pytest.mark.parametrize(("ref", "known"), [("GK2026-001", SHOWN), ("GK2026-002", EXPORTED)])
def test_an_extension_is_a_sighting_of_its_own_kind(
    ledger: Ledger, ref: str, known: Letter
) -> None:
    before = states(ledger)
    history = ledger.histories([BOX], now())
    letter = extend(ledger, said(ref=ref))
    assert (letter.ref, letter.received_on, letter.status) == (
        known.ref,
        known.received_on,
        known.status,
    )
    assert (letter.extended_to, letter.extension) == (UNTIL, "李局长批准：案情复杂")
    after = states(ledger)
    own = after.pop((known.ref, Method.MANUAL))
    assert own.letter == letter
    # Neither the letter nor its mailbox was looked at.
    assert after == before
    assert ledger.histories([BOX], now()) == history


def test_an_extension_is_taken_back_and_stays_in_the_past(ledger: Ledger) -> None:
    extend(ledger, SAID)
    between = now()
    letter = extend(ledger, said(until=None, approved_by=None, reason="批错了"))
    assert (letter.extended_to, letter.extension) == (None, "已撤回：批错了")
    key = (SHOWN.ref, Method.MANUAL)
    assert states(ledger)[key].letter == letter
    then = {each.method: each.letter for each in ledger.letters(between)[BOX]}
    assert then[Method.MANUAL].extended_to == UNTIL


def test_an_answered_letter_can_be_extended_too(ledger: Ledger) -> None:
    answered = Letter("B7", "来信", None, RECEIVED, replied_on=TODAY - timedelta(3))
    ledger.bring(brought(now(), answered))
    extend(ledger, said(ref="B7"))
    extend(ledger, said(ref="B7", until=UNTIL + timedelta(1)))
    assert states(ledger)["B7", Method.MANUAL].letter.extended_to == UNTIL + timedelta(1)


def test_personal_numbers_in_the_reason_are_masked(ledger: Ledger) -> None:
    letter = extend(ledger, said(reason="已电话13800000000告知"))
    assert letter.extension == "李局长批准：已电话13*******00告知"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"ref": "GK2026-003"},
            ["信箱中没有编号为 GK2026-003 的来信。相近的编号：GK2026-002、GK 2026-001"],
        ),
        ({"ref": "-002"}, ["信箱中没有编号为 -002 的来信。相近的编号：GK2026-002"]),
        ({"ref": "再见"}, ["信箱中没有编号为 再见 的来信。没有相近的编号"]),
        ({"mailbox": "zz"}, ["登记册中没有信箱 zz。已登记的信箱：rx"]),
        ({"until": RECEIVED}, [f"延期至（--until）：{RECEIVED}，应晚于来信日期 {RECEIVED}"]),
        (
            {"by": " ", "approved_by": " ", "reason": "多" * 201, "until": date(2020, 1, 1)},
            [
                "经办人（--by）：不能为空",
                "批准人（--approved-by）：不能为空",
                "原因（--reason）：应不超过200个字",
                f"延期至（--until）：2020-01-01，应晚于来信日期 {RECEIVED}",
            ],
        ),
        (
            {"until": None, "approved_by": None},
            ["来信 GK 2026-001 没有可撤回的延期；导出表中的延期，请在后台更正后重新导入"],
        ),
    ],
)
@pytest.mark.sqlite("refused before anything is written")
def test_what_cannot_be_extended_is_named_and_nothing_is_written(
    ledger: Ledger, changed: dict[str, Any], words: list[str]
) -> None:
    assert refused(ledger, **changed) == words


def test_the_command_says_what_was_written(home: Home) -> None:
    ask = ("mailbox", "extend", "rx", "GK2026-001", "--by", "王", "--reason", "案情复杂")
    days = ("--until", str(UNTIL), "--approved-by", "李局长")
    done = called(*ask, *days, home=home.folder)
    words = f"已记录：来信 GK 2026-001 延期至 {UNTIL}，李局长批准：案情复杂。\n"
    assert (done.code, done.out, done.err) == (0, "", words)
    both = called(*ask, *days, "--withdraw", home=home.folder)
    assert both.code == 2
    back = called(*ask, "--withdraw", home=home.folder)
    assert (back.code, back.err) == (0, "已记录：来信 GK 2026-001 延期已撤回。\n")
    again = called(*ask, "--withdraw", home=home.folder)
    assert again.code == 2
    listed = called("letters", "--format", "json", home=home.folder).json["letters"]
    assert len({row["ref"] for row in listed}) == 2
