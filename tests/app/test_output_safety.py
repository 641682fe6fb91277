"""Whatever a page says stays data on every way out: each output is made and opened again.

One home is filled with hostile titles, letters, notes and addresses through the ledger, past every
reader that would have tamed them. All synthetic.
"""

from __future__ import annotations

import csv
import email
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from warcio.archiveiterator import ArchiveIterator

from app.home import Home
from app.show import json_text
from checks.facts import DateSource, Item, Letter, Outcome
from storage.evidence import GENESIS, Capture, EvidenceStore, Link, link
from storage.inventory import InventoryError, read_toml
from storage.ledger import Sighting
from storage.legible import UNSEEN, escaped
from tests.app.life import REGISTER, Life, begin

PIECES = {
    "markup": "<b onclick=x()>甲</b><script>alert(1)</script><img src=x onerror=y>&amp;\"'",
    "direction": "甲\u202e乙\u2066丙\u2069\u200f\u061c丁",
    "no width": "甲\u200b\ufeff\u2060乙",
    "line breaks": "甲\r\nBcc: evil@example.com\r\n\r\n乙\u2028丙\x85丁",
    "control": "甲\x00\x07\x08\x0b\x1b[31m\x1b]0;x\x07\x7f\x9b2J乙",
    "formula =": "=cmd|'/c calc'!A0",
    "formula +": "+1+cmd",
    "formula -": "-2+3",
    "formula @": "@SUM(1)",
    "formula tab": "\t=1+1",
    "formula return": "\r=1+1",
    "formula wide": "＝1+1",
    "no character": "甲\ufffe\uffff\ufdd0乙",
    "half a character": "甲\ud800乙",
    "very long": "长" * 40_000,
    "templates": "{{ 7*7 }}{% raw %}%(x)s %s {0} ${x} [red]甲[/red] [link=file:///x]乙[/]",
}
HARMFUL_LINKS = ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x\r\ny: z")
DAY = date(2026, 2, 10)
RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
FORBIDDEN_TAGS = {"script", "b", "img", "iframe", "svg"}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """A home with hostile words in every place where the outside can put some."""
    with pytest.MonkeyPatch.context() as patch:
        for life in begin(Home(tmp_path_factory.mktemp("safety") / "home"), patch, "2026-03-02"):
            _fill(life)
            life.cycle()
            yield life


def _fill(life: Life) -> None:
    mailbox = '[[mailbox]]\nid = "box"\nsite = "s"\nname = "<i>信箱</i>"\n'
    mailbox += 'url = "http://portal.example/x/"\nunit = "zfb"\n'
    register = REGISTER.replace("示例办公室", "=<b>办公室</b>&{{7*7}}[red]").replace(
        "政务动态", "<script>alert(1)</script>动态\u202e"
    )
    life.ledger.load_inventory(read_toml(register + mailbox, "synthetic"), life.at)
    names = list(PIECES.values())
    run = life.ledger.start_run(3, life.at)
    items = tuple(
        Item(words, HARMFUL_LINKS[n % 4], DAY, f"2026-02-10{words[:40]}", DateSource.LIST)
        for n, words in enumerate(names)
    )
    for column in ("dt", "jy"):
        url = f"http://portal.example/{column}/"
        page = Capture(url, life.at, 200, {"Content-Type": "text/html"}, b"synthetic")
        seen = Sighting(f"column:{column}", life.at, Outcome.OK, url=url, items=items)
        life.ledger.record(run, replace(seen, captures=(page,), note=PIECES["control"]))
    letters = tuple(
        Letter(f"{n}{words[:30]}", words, HARMFUL_LINKS[n % 4], DAY, unit=words, status=words[:99])
        for n, words in enumerate(names)
    )
    page = Capture("http://portal.example/x/", life.at, 200, {"Content-Type": "text/html"}, b"x")
    box = Sighting("mailbox:box", life.at, Outcome.OK, letters=letters, captures=(page,))
    life.ledger.record(run, replace(box, note=PIECES["line breaks"]))
    blocked = Sighting("column:kb", life.at, Outcome.BLOCKED, note="".join(names[:6]))
    life.ledger.record(run, blocked)


def shows_nothing_unseen(text: str) -> None:
    """No control character, mark of direction or half a character is left, line ends aside."""
    assert UNSEEN.findall(text.replace("\r\n", "\n").replace("\n", "")) == []


# Screens


@pytest.mark.parametrize("command", ["status", "letters", "items", "findings"])
def test_a_table_on_a_screen_holds_no_command_and_no_line_of_its_own(
    life: Life, command: str
) -> None:
    out = life.run(command).output
    shows_nothing_unseen(out)
    assert all(line[:1] in ("|", "+", "（", "") for line in out.splitlines())


@pytest.mark.parametrize("subject", ["column:dt", "mailbox:box", "column:kb"])
def test_an_explanation_holds_no_line_that_a_page_wrote(life: Life, subject: str) -> None:
    out = life.run("explain", subject).output
    shows_nothing_unseen(out)
    assert not re.search(r"^(?:Bcc|乙|丙)", out, re.MULTILINE)
    if subject == "column:dt":
        assert "责任单位：=<b>办公室</b>&{{7*7}}[red]" in out


@pytest.mark.parametrize("command", ["status", "letters", "items", "findings"])
def test_json_is_one_document_with_every_text_as_it_was_read(life: Life, command: str) -> None:
    out = life.run(command, "--format", "json").output
    shows_nothing_unseen(out)
    said = json.loads(out)
    assert said[{"status": "subjects"}.get(command, command)]
    if command == "items":
        kept = {item["title"] for item in said["items"]}
        lossy = {"control", "half a character"}  # no database takes NUL, or half a character
        assert {words for piece, words in PIECES.items() if piece not in lossy} <= kept


@pytest.mark.parametrize("command", ["status", "letters", "items", "findings"])
def test_no_cell_of_a_csv_is_a_formula_or_a_second_row(life: Life, command: str) -> None:
    out = life.run(command, "--format", "csv").output
    shows_nothing_unseen(out)
    heads, *rows = list(csv.reader(StringIO(out), strict=True))
    assert rows
    assert all(len(row) == len(heads) for row in rows)
    assert len(out.splitlines()) == len(rows) + 1
    assert [cell for row in rows for cell in row if cell.startswith(RISKY)] == []


# Mails


class Tags(HTMLParser):
    """The elements and the addresses of links of a page."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.targets: list[str] = []
        self.attributes: set[str] = set()
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]


def harmless_page(body: str, *, pictures: bool = False) -> None:
    page = Tags(body)
    shows_nothing_unseen(body)
    allowed = {"img"} if pictures else set()
    assert set(page.tags) & (FORBIDDEN_TAGS - allowed) == set()
    assert {name for name in page.attributes if name.startswith("on")} == set()
    schemes = {target.partition(":")[0] for target in page.targets}
    assert schemes <= ({"http", "https"} | ({"data", "cid"} if pictures else set()))
    assert all("image/" in each[:14] for each in page.targets if each.startswith("data:"))


HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "X-Xunjian-Kind", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
}


def test_no_mail_has_a_header_a_line_or_an_element_that_a_page_wrote(life: Life) -> None:
    made = [each.message.mime for each in life.ledger.deliveries()]
    assert len(made) >= 2
    for mime in made:
        mail = email.message_from_bytes(mime, policy=default)
        assert isinstance(mail, EmailMessage)
        assert set(mail.keys()) <= HEADERS
        assert mail.defects == []
        for kind in ("plain", "html"):
            part = mail.get_body((kind,))
            assert part is not None
            body = str(part.get_content())
            shows_nothing_unseen(body)
            assert not re.search(r"^Bcc", body, re.MULTILINE)
            if kind == "html":
                harmless_page(body)


def test_a_mail_on_disk_has_a_name_of_plain_letters_in_its_folder(life: Life) -> None:
    files = list(life.home.path("outbox").rglob("*"))
    assert files
    assert all(re.fullmatch(r"[\w.@+-]+\.eml", file.name, re.ASCII) for file in files)


# Documents


@dataclass(frozen=True)
class Made:
    paths: list[Path]

    def of(self, suffix: str) -> list[Path]:
        return [path for path in self.paths if path.suffix == suffix]


@pytest.fixture(scope="module")
def documents(life: Life, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The weekly and the quarterly report, a notice, and the register as a workbook."""
    out = tmp_path_factory.mktemp("out")
    life.done("report", "weekly", "--out", str(out))
    life.done("report", "quarterly", "--out", str(out))
    numbers = [str(each.id) for each in life.findings() if "mailbox" not in each.key.subject]
    life.done("findings", "confirm", *numbers, "--by", "示例经办人", "--note", PIECES["markup"])
    life.done("findings", "notice", "--by", "示例经办人")
    life.done("inventory", "export-xlsx", str(out / "register.xlsx"))
    found = [path for path in out.iterdir() if path.is_file()]
    return Made([*found, *life.home.path("reports").glob("*.docx")])


def test_every_word_document_opens_and_links_nowhere_else(documents: Made) -> None:
    assert len(documents.of(".docx")) >= 3
    for path in documents.of(".docx"):
        document = docx.Document(str(path))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        shows_nothing_unseen("\n".join([*(p.text for p in document.paragraphs), *cells]))
        outside = [each.target_ref for each in document.part.rels.values() if each.is_external]
        assert all(target.startswith(("http://", "https://")) for target in outside)
        with zipfile.ZipFile(path) as parts:
            body = parts.read("word/document.xml").decode()
        assert "<script" not in body
        assert "w:fldSimple" not in body.replace("PAGE", "")


def test_every_workbook_opens_with_texts_and_no_formula_of_a_page(documents: Made) -> None:
    assert len(documents.of(".xlsx")) >= 2
    for path in documents.of(".xlsx"):
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (path.name, cell.coordinate, cell.value)
                    target = cell.hyperlink.target if cell.hyperlink else "http://"
                    assert target is None or target.startswith(("http://", "https://"))
                    if isinstance(cell.value, str) and path.name != "register.xlsx":
                        shows_nothing_unseen(cell.value)


def test_every_page_has_the_elements_of_its_template_only(documents: Made) -> None:
    assert documents.of(".html")
    for path in documents.of(".html"):
        body = path.read_text(encoding="utf-8")
        harmless_page(body, pictures=True)
        assert "alert(1)" not in re.sub(r"&lt;script&gt;alert\(1\)", "", body)


def test_a_name_with_markup_stands_in_the_documents_letter_for_letter(documents: Made) -> None:
    said = {path.suffix: "" for path in documents.paths}
    for path in documents.of(".docx"):
        document = docx.Document(str(path))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        said[".docx"] += "\n".join([*(p.text for p in document.paragraphs), *cells])
    for path in documents.of(".html"):
        said[".html"] += path.read_text(encoding="utf-8")
    assert "=<b>办公室</b>&{{7*7}}[red]" in said[".docx"]
    assert "=&lt;b&gt;办公室&lt;/b&gt;&amp;{{7*7}}[red]" in said[".html"]


# Logs, evidence and the register


@pytest.mark.parametrize("piece", PIECES)
def test_a_record_is_one_line_whatever_is_in_it(piece: str) -> None:
    words = PIECES[piece]
    line = escaped(f"页面 {words}\nERROR 假")
    shows_nothing_unseen(line)
    assert "\n" not in line
    assert escaped("甲乙　丙 \\n") == "甲乙　丙 \\n"


@pytest.mark.parametrize("piece", PIECES)
def test_json_gives_back_every_text_that_a_screen_may_show(piece: str) -> None:
    written = json_text({"title": PIECES[piece]}, indent=2)
    written.encode()
    shows_nothing_unseen(written)
    assert json.loads(written) == {"title": PIECES[piece]}


OWN = {
    *("WARC-Type", "WARC-Record-ID", "WARC-Target-URI", "WARC-Date", "WARC-Payload-Digest"),
    *("WARC-Block-Digest", "Content-Type", "Content-Length"),
}


def _names(headers: Any) -> set[str]:
    return {name for name, _ in headers.headers}


@pytest.mark.parametrize("words", [PIECES["line breaks"], PIECES["control"], "x\nWARC-Type: y"])
def test_no_header_of_the_evidence_comes_from_an_answer(tmp_path: Path, words: str) -> None:
    store = EvidenceStore(tmp_path)
    url = f"http://portal.example/{words}"
    at = datetime(2026, 3, 2, tzinfo=UTC)
    answer = Capture(url, at, 200, {"X-A": words, f"X-B{words}": "b"}, b"body")
    (kept,) = store.keep((answer,), 1)
    assert store.read(kept.warc, kept.offset) == (kept.record_id, b"body")
    with (tmp_path / kept.warc).open("rb") as file:
        (record,) = (
            (each.rec_type, _names(each.rec_headers), len(each.http_headers.headers))
            for each in ArchiveIterator(file)
        )
    assert record == ("response", OWN, 2)
    chain = link(GENESIS, kept.sha256, "column:dt", url, at)
    place = (kept.warc, kept.offset, kept.record_id, kept.sha256)
    assert list(store.check(iter([Link(1, at, "column:dt", url, *place, chain)]))) == []


@pytest.mark.parametrize("piece", ["line breaks", "control", "half a character", "no character"])
def test_the_register_takes_no_name_of_more_than_one_line(piece: str) -> None:
    written = json.dumps(PIECES[piece]).replace("\\ud800", "\\ud7ff\\u0000")
    with pytest.raises(InventoryError) as refused:
        read_toml(f'[[unit]]\nid = "a"\nname = {written}\n', "synthetic")
    assert str(refused.value).count("\n") == 1
    shows_nothing_unseen(str(refused.value))


PROGRAMS = {
    "a command": "from app import cli; cli._run = lambda: logging.warning(words) or 0; cli.main()",
    "the crawling process": "from storage import logs; logs.take_over({}); logging.warning(words)",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_process_writes_one_line_a_record(program: str) -> None:
    code = f"import logging; words = {PIECES['line breaks']!r}; {PROGRAMS[program]}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    said = done.stderr.decode()
    assert said.count("\n") == 1
    assert "甲\\u000d\\u000aBcc: evil@example.com" in said
