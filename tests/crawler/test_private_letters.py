"""Letters keep number, times, unit and status; who wrote them is masked before storage.

All pages, names and numbers here are synthetic.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checks.facts import Outcome
from checks.marks import CHECK_DIGITS, WEIGHTS
from crawler.private_letters import MARK, masked_sighting
from crawler.readers.letters import read_letter, read_letters
from crawler.readers.mail.keys import field_of_key
from crawler.readers.mail.words import field_of
from crawler.readers.page import Page
from crawler.readers.private.addresses import without_persons
from crawler.readers.private.page import Kept, kept_of
from crawler.readers.private.text import Masker
from crawler.readers.private.words import KEYS, LABELS, Kind
from storage.database import sqlite_url
from storage.evidence import Capture
from storage.ledger import Ledger, Sighting

PAGES = Path(__file__).parents[1] / "pages"
TODAY = date(2026, 11, 22)
LIST = "https://www.example.gov.cn/hdjl/szxx/list.html"
PHONE = "13800000000"
BODY = "32062119000101001"
IDENTITY = BODY + CHECK_DIGITS[sum(int(d) * w for d, w in zip(BODY, WEIGHTS, strict=True)) % 11]


def page(body: str, charset: str = "utf-8", kind: str = "text/html", url: str = LIST) -> Page:
    return Page(url, body.encode(charset), TODAY, 200, f"{kind}; charset={charset}")


def kept(given: Page) -> Kept:
    found = kept_of(given)
    assert found is not None
    return found


def text(given: Page) -> str:
    found = kept(given)
    assert found.whole, found
    return found.body.decode("gb18030" if "gb" in given.content_type else "utf-8")


TABLE = (
    "<!-- synthetic --><body><table><tr><th>编号</th><th>标题</th><th>来信人</th><th>联系电话</th>"
    "<th>来信时间</th><th>答复单位</th><th>状态</th></tr>"
    "<tr><td>XJ2026001</td><td><a href='mail.jsp?id=13800000001'>咨询居住证办理</a></td>"
    f"<td>张三丰</td><td>{PHONE}</td><td>2026-11-10</td><td>公安局</td><td>待办理</td></tr>"
    "<tr><td>XJ2026002</td><td><a href='mail.jsp?id=13800000002'>李四方反映路灯不亮</a></td>"
    "<td>李四方</td><td>0513-86543210</td><td>2026-11-11</td><td>住建局</td><td>已办结</td></tr>"
    "</table></body>"
)
DETAIL = (
    "<!-- synthetic --><body><h1>咨询居住证办理</h1><table>"
    "<tr><td>信件编号</td><td>13800000009</td><td>来信人</td><td>张三丰</td></tr>"
    f"<tr><td>联系方式</td><td>{PHONE}</td><td>身份证号</td><td>{IDENTITY}</td></tr>"
    "<tr><td>家庭住址</td><td>某镇某村8组</td><td>来信时间</td><td>2026-11-10</td></tr>"
    "<tr><td>来信内容</td><td><p>您好，我叫张三丰。</p><p>孩子叫小明，请问怎么办？</p></td></tr>"
    "<tr><td>答复单位</td><td>公安局</td><td>答复时间</td><td>2026-11-12</td></tr>"
    "<tr><td>答复内容</td><td>张三丰：您好！来信收悉，请到窗口办理。</td></tr></table></body>"
)
PERSONS = ("张三丰", "李四方", PHONE, "86543210", IDENTITY, "某镇某村", "小明")


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_a_list_keeps_number_time_unit_and_status_and_masks_the_writer(charset: str) -> None:
    given = page(TABLE, charset)
    masked = text(given)
    assert [each for each in PERSONS if each in masked] == []
    after = read_letters(Page(LIST, kept(given).body, TODAY, 200, given.content_type)).letters
    assert [(one.ref, str(one.received_on), one.unit, one.status) for one in after] == [
        ("XJ2026001", "2026-11-10", "公安局", "待办理"),
        ("XJ2026002", "2026-11-11", "住建局", "已办结"),
    ]
    assert [one.title for one in after] == ["咨询居住证办理", "***反映路灯不亮"]
    assert [one.url for one in after] == [
        f"https://www.example.gov.cn/hdjl/szxx/mail.jsp?id=1380000000{n}" for n in (1, 2)
    ]


def test_a_detail_page_loses_writer_and_words_and_keeps_its_answer_and_number() -> None:
    given = page(DETAIL)
    masked = text(given)
    assert [each for each in PERSONS if each in masked] == []
    assert "来信收悉，请到窗口办理" in masked
    after = read_letter(Page(LIST, masked.encode(), TODAY))
    assert after == read_letter(given)
    assert after.letters[0].ref == "13800000009"


def test_data_of_a_service_is_masked_under_its_keys_and_in_its_texts() -> None:
    rows = [
        {"sqcode": "13800000009", "title": f"路灯不亮，电话{PHONE}", "writer": "张三丰",
         "name": "张三丰", "mobile": 13800000000, "sfzh": IDENTITY, "content": "我家在某镇某村",
         "writedate": "2026-11-10", "replydate": "", "deptname": "住建局"},
    ]  # fmt: skip
    given = page(
        json.dumps({"total": 1, "rows": rows}, ensure_ascii=False), kind="application/json"
    )
    masked = json.loads(text(given))["rows"][0]
    assert masked == rows[0] | {
        "title": "路灯不亮，电话***", "writer": "***", "name": "***", "mobile": 0, "sfzh": "***",
        "content": "***",
    }  # fmt: skip
    assert kept(given).counts == {Kind.PHONE: 2, Kind.NAME: 2, Kind.IDENTITY: 1, Kind.TEXT: 1}


def test_a_page_that_shows_nobody_is_kept_to_the_byte() -> None:
    head, row = TABLE.split("<th>来信人</th><th>联系电话</th>"), "<tr><td>1</td></tr>"
    assert kept_of(page(head[0] + "<th>来信时间</th></tr>" + row + "</table>")) is None


def test_bytes_that_are_no_characters_stay_as_they_came() -> None:
    raw = TABLE.encode().replace("路灯".encode(), "路灯".encode() + b"\xff\xfe")
    found = kept(Page(LIST, raw, TODAY, 200, "text/html"))
    assert found.whole
    assert found.body.count(b"\xff\xfe") == 1


def test_where_masks_would_change_what_is_read_only_the_letters_are_kept() -> None:
    given = page(TABLE.replace("李四方</td>", "住建局</td>"))
    found = kept(given)
    assert not found.whole
    assert [each for each in ("张三丰", PHONE, "反映路灯") if each in found.body.decode()] == []
    after = read_letters(Page(LIST, found.body, TODAY)).letters
    before = read_letters(given).letters
    assert [(one.ref, one.received_on, one.unit, one.status, one.url) for one in after] == [
        (one.ref, one.received_on, one.unit, one.status, one.url) for one in before
    ]


def test_what_is_no_text_is_not_kept_of_a_mailbox() -> None:
    found = kept(Page(LIST, b"\x89PNG\0\0\xff", TODAY, 200, "image/png"))
    assert (found.whole, found.body) == (False, b'{"total": 0, "letters": []}')


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("来信人：张三丰 来信时间：2026-11-10", "来信人：*** 来信时间：2026-11-10"),
        ("来信人： 来信时间：2026-11-10", "来信人： 来信时间：2026-11-10"),
        ("来信人：匿名", "来信人：匿名"),
        (f"受理编号：{PHONE}", f"受理编号：{PHONE}"),
        (f"请回电{PHONE}。", "请回电***。"),
        (f"证件{IDENTITY}", "证件***"),
        ("证件320621900101001", "证件***"),
        ("流水20261110123456", "流水20261110123456"),
        ("邮件 someone@example.com", "邮件 ***"),
        ("我叫张三丰，想咨询", "我叫***，想咨询"),
        ("本人张三，住某镇", "本人***，住某镇"),
        ("请转告张三丰先生", "请转告***先生"),
        ("服务热线0513-12345678", "服务热线0513-12345678"),
    ],
)
def test_running_text(said: str, masked: str) -> None:
    assert Masker().text(said) == masked


def test_numbers_that_the_reader_takes_for_a_letters_own_stay() -> None:
    assert Masker(frozenset({PHONE})).text(f"信件 {PHONE}") == f"信件 {PHONE}"


def test_an_address_keeps_the_letters_id_and_loses_the_person() -> None:
    assert without_persons(f"/mail?id={PHONE}&xm=张三&tel={PHONE}") == (
        f"/mail?id={PHONE}&xm=***&tel=***"
    )


def test_no_label_or_key_of_a_person_is_a_field_of_a_letter() -> None:
    assert [w for words in LABELS.values() for w in words.split() if field_of(w)] == []
    assert [w for words in KEYS.values() for w in words.split() if field_of_key(w)] == []


def test_of_every_saved_mailbox_page_the_same_letters_are_read_after_masking() -> None:
    names = [f for f in sorted(PAGES.glob("*/letters*")) if f.suffix != ".json"]
    assert len(names) > 30
    for file in names:
        given = Page(LIST, file.read_bytes(), TODAY)
        found = kept_of(given)
        if found is not None:
            assert found.whole, file.name
            masked = Page(LIST, found.body, TODAY)
            assert [one.ref for one in read_letters(masked).letters] == [
                one.ref for one in read_letters(given).letters
            ]
            assert kept_of(masked) is None, file.name


def test_the_chain_holds_over_what_is_kept_and_names_what_was_received(tmp_path: Path) -> None:
    ledger = Ledger.open(sqlite_url(tmp_path / "xunjian.db"), tmp_path / "evidence")
    at = datetime(2026, 11, 22, 1, tzinfo=UTC)
    given = page(TABLE)
    answer = Capture(
        f"{LIST}?xm=张三丰", at, 200, {"content-type": "text/html", MARK: "sent by the server"},
        given.body,
    )  # fmt: skip
    seen = Sighting("mailbox:m", at, Outcome.OK, note="按表头读取", captures=(answer,))
    visit = ledger.record(ledger.start_run(1, at), masked_sighting(seen))
    assert list(ledger.evidence.check(iter(ledger.evidence_links()))) == []
    stored, record = [ledger.evidence.capture(link) for link in ledger.evidence_of(visit)]
    received = hashlib.sha256(given.body).hexdigest()
    assert stored.headers[MARK] == (
        f"names=3 phones=2 identities=0 mails=0 addresses=0 texts=0; sha256={received}"
    )
    assert stored.url == f"{LIST}?xm=***"
    assert stored.body == kept(given).body
    (row,) = json.loads(record.body)["masked"]
    assert (row["received"], row["kept"]) == (
        received, hashlib.sha256(stored.body).hexdigest(),
    )  # fmt: skip
    told = masked_sighting(seen).note
    assert told == "按表头读取；证据存储前已遮盖姓名3处、电话2处"
    ledger.close()
    column = replace(seen, subject="column:c")
    assert masked_sighting(column) == column


HIDDEN = {
    "a handler": f"<p onclick=\"call('{PHONE}')\">请致电</p>",
    "a name nobody knows": f"<p data='{PHONE}' ref={IDENTITY}>请致电</p>",
    "a bare number": f"<script>var a = 1, b = {PHONE};</script>",
    "a torn tag": f"<p class='{PHONE}<td>请致电",
    "a class": "<div class='+86 138-0000-0000'>请致电</div>",
    "digits by their numbers": "<i rel='&#49;&#51;800000000'>请致电</i>",
}


@pytest.mark.parametrize("where", HIDDEN)
def test_a_number_that_no_text_shows_is_not_kept_either(where: str) -> None:
    given = page(TABLE.replace("</body>", f"{HIDDEN[where]}</body>"))
    stored = kept(given).body.decode()
    assert PHONE not in stored
    assert IDENTITY not in stored
    assert "0000-0000" not in stored
    assert "800000000'" not in stored
    assert "XJ2026001" in stored
    alone = page(f"<!-- synthetic --><body>{HIDDEN[where]}</body>")
    assert not kept(alone).whole or PHONE not in kept(alone).body.decode()


def test_what_the_ledger_has_of_a_letter_names_no_number_of_a_person() -> None:
    letter = replace(read_letters(page(TABLE)).letters[0], unit=f"公安局{PHONE}", ref=PHONE)
    seen = Sighting("mailbox:a", datetime.now(UTC), Outcome.OK, LIST, letters=(letter,))
    (told,) = masked_sighting(seen).letters
    assert (told.unit, told.ref) == ("公安局13*******00", PHONE)
