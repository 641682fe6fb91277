"""`xunjian mailbox import`: previewed, then written once; who wrote a letter is nowhere kept.

All exports are synthetic: the persons in them do not exist.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel
from typer.testing import CliRunner, Result

from app.cli import app
from app.home import Home
from app.letters_import import Asked, MailboxError, carry_out, prepare
from checks.facts import Letter, Method, Outcome
from checks.freshness import local_day
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger
from storage.sheets import UploadError
from tests.app.run import called
from tests.app.test_bad_input import SETTINGS, UNIT, site

INVENTORY = (
    UNIT
    + site("https://www.example.gov.cn")
    + '[[mailbox]]\nid = "rx"\nsite = "s"\nname = "12345热线"\nunit = "zfb"\nsource = "export"\n'
    + 'categories = ["咨询=3 working days"]\n'
    + '[[mailbox]]\nid = "市长"\nsite = "s"\nname = "市长信箱"\nunit = "zfb"\nsource = "export"\n'
)
HEADS = """工单编号 来电人 联系电话 证件号码 联系地址 诉求标题 诉求内容 诉求时间 受理时间
    答复时间 答复内容 承办单位 办理状态 诉求类型 延期至 审批人 延期原因""".split()
TODAY = local_day(now())
PERSONS = (
    "赵某某",
    "13900000001",
    "11010519491231002X",
    "示例路七号",
    "路灯三天不亮",
    "请尽快修好",
)


def day(ago: int) -> str:
    return f"{TODAY - timedelta(ago):%Y/%m/%d} 08:30:05"


def order(number: str, **other: Any) -> list[Any]:
    """One row of a 12345 export, with all that it says of the caller."""
    name, phone, identity, address, title, words = PERSONS
    told = {
        "工单编号": number,
        "来电人": name,
        "联系电话": phone,
        "证件号码": identity,
        "联系地址": address,
        "诉求标题": title,
        "诉求内容": f"{name}来电：{words}，电话{phone}",
        "诉求时间": day(9),
        "答复内容": f"已与{name}联系",
        "承办单位": f"城管局（{phone}）",
        "办理状态": "办理中",
        "诉求类型": "咨询",
    }
    return [{**told, **other}.get(head, "") for head in HEADS]


OPEN, DONE = order("GK1"), order("GK2", 答复时间=day(5), 办理状态="已办结", 诉求类型="投诉")
LATER = order("GK3", 延期至=str(TODAY + timedelta(30)), 审批人="李局长", 延期原因="须现场勘查")


def gbk_file(folder: Path, *rows: Sequence[Any], heads: Sequence[str] = HEADS) -> Path:
    path = folder / "工单.csv"
    with path.open("w", encoding="gbk", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def xlsx_file(folder: Path, *rows: Sequence[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["12345工单导出表"], [], HEADS, *rows):
        sheet.append(list(row))
    path = folder / "工单.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, database: str) -> Path:
    """A home whose register is loaded, made once and copied."""
    folder = tmp_path_factory.mktemp("mailboxes") / "home"
    folder.mkdir()
    folder.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    ledger = Home(folder).open_ledger()
    ledger.load_inventory(read_toml(INVENTORY, "synthetic"), now())
    ledger.close()
    return folder


@pytest.fixture
def home(tmp_path: Path, loaded: Path) -> Home:
    return Home(shutil.copytree(loaded, tmp_path / "home"))


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    ledger = home.open_ledger()
    yield ledger
    ledger.close()


def command(home: Home, *words: str) -> Result:
    return CliRunner().invoke(app, ["--home", str(home.folder), *words])


def asked(home: Home, file: Path, *words: str, mailbox: str = "rx") -> Result:
    return command(home, "mailbox", "import", str(file), "--mailbox", mailbox, "--by", "王", *words)


def bring(home: Home, ledger: Ledger, file: Path, ago: int = 0) -> None:
    told = Asked(file, "rx", "经办人", TODAY - timedelta(ago))
    carry_out(home, ledger, prepare(home, ledger, told))


def counts(ledger: Ledger) -> dict[str, int]:
    with ledger.reading() as session:
        tables = SQLModel.metadata.sorted_tables
        return {
            t.name: session.connection().execute(select(func.count()).select_from(t)).scalar_one()
            for t in tables
        }


def letters(ledger: Ledger) -> dict[str, Letter]:
    return {each.letter.ref: each.letter for each in ledger.letters(now()).get("mailbox:rx", [])}


def test_a_preview_tells_everything_and_writes_nothing(home: Home, ledger: Ledger) -> None:
    before = counts(ledger)
    files = sorted(home.folder.rglob("*"))
    file = gbk_file(home.folder.parent, OPEN, DONE, LATER)
    shown = asked(home, file, "--save-template", "热线")
    assert shown.exit_code == 0
    name, told, to, *rest = shown.stdout.splitlines()
    assert name == "信箱：12345热线（mailbox:rx）"
    assert told.startswith("文件：原文件名：工单.csv，SHA-256：")
    assert told.endswith("，3行")
    assert to == f"情况截至：{TODAY}（导出日期）"
    assert rest == [
        "取用的列：工单编号 → 信件编号；诉求标题 → 标题；诉求时间 → 来信时间；"
        "受理时间 → 受理时间；答复时间 → 回复时间；承办单位 → 办理单位；办理状态 → 处理状态；"
        "诉求类型 → 类别；延期至 → 延期至；审批人 → 审批人；延期原因 → 延期原因",
        "不取的列：来电人、联系电话、证件号码、联系地址、诉求内容、答复内容",
        "来信3封：新增3，变更0，未变0；以前导出中未答复而本次没有的0封",
        "类别和时限：",
        "  咨询2封：3个工作日",
        "  投诉1封：5个工作日（未单独规定）",
        "登记册“分类时限”中没有的类别，按信箱时限计：投诉",
        "经批准延期的来信1封：",
        f"  GK3 延期至 {TODAY + timedelta(30)}，李局长批准：须现场勘查",
    ]
    assert counts(ledger) == before
    assert {path.name for path in home.folder.rglob("*") if path not in files} <= {
        "xunjian.db-wal",
        "xunjian.db-shm",
    }


@pytest.mark.parametrize("make", [gbk_file, xlsx_file])
def test_who_wrote_a_letter_is_nowhere_kept(home: Home, make: Any) -> None:
    file = make(home.folder.parent, OPEN, DONE, LATER)
    shown = [asked(home, file), asked(home, file, "--apply", "--save-template", "热线")]
    listed = command(home, "letters", "--format", "json")
    told = command(home, "explain", "mailbox:rx")
    assert [each.exit_code for each in (*shown, listed, told)] == [0, 0, 0, 0]
    ledger = home.open_ledger()
    kept = letters(ledger)
    (link,) = ledger.evidence_links()
    assert list(ledger.evidence.check(iter([link]))) == []
    ledger.close()
    (warc,) = home.path("evidence").rglob("*.warc.gz")
    texts = [each.output.encode() for each in (*shown, listed, told)]
    texts += [path.read_bytes() for path in home.folder.rglob("*") if path.is_file()]
    texts += [gzip.decompress(warc.read_bytes())]
    everything = b"\n".join(texts)
    assert [person for person in PERSONS if person.encode() in everything] == []
    assert "李局长批准：须现场勘查".encode() in everything
    assert sorted(kept) == ["GK1", "GK2", "GK3"]
    assert kept["GK1"].unit == "城管局（13*******01）"


def test_an_import_is_one_visit_with_its_evidence(home: Home, ledger: Ledger) -> None:
    file = gbk_file(home.folder.parent, OPEN, DONE)
    day_before = TODAY - timedelta(1)
    done = asked(home, file, "--apply", "--exported-on", str(day_before))
    assert done.output == (
        "已导入 12345热线（mailbox:rx）：来信2封：新增2，变更0，未变0；"
        "以前导出中未答复而本次没有的0封。\n"
    )
    history = ledger.histories(["mailbox:rx"], now())["mailbox:rx"]
    word = history.word
    assert (history.last, history.good) == (None, None)
    assert word is not None
    assert (word.method, word.by, word.shown_to) == (Method.EXPORT, "王", day_before)
    assert (word.outcome, word.item_count, word.url) == (Outcome.OK, 2, None)
    (link,) = ledger.evidence_links()
    assert link.url == f"urn:xunjian:letters:rx:{day_before}"
    states = ledger.letters(now())["mailbox:rx"]
    assert {(each.method, each.shown_to) for each in states} == {(Method.EXPORT, day_before)}
    assert command(home, "evidence", "verify").exit_code == 0


def test_imported_letters_are_listed_as_the_contract_says(home: Home, ledger: Ledger) -> None:
    settled = order("GK7", 办理状态="不予受理"), order("GK8", 办理状态="已办结")
    bring(home, ledger, gbk_file(home.folder.parent, *settled))
    listed = json.loads(command(home, "letters", "--format", "json").stdout)
    received = str(TODAY - timedelta(9))
    assert listed["as_of"] == str(TODAY)
    left = {"due", "reason"}
    told = [{n: each[n] for n in each if n not in left} for each in listed["letters"]]
    assert told == [
        {
            "mailbox": "rx",
            "ref": ref,
            "received": received,
            "replied": None,
            "working_days": None,
            "verdict": "answered_in_time",
            "unit": "zfb",
            "url": None,
        }
        for ref in ("GK7", "GK8")
    ]


def test_the_evidence_of_a_mailbox_with_a_chinese_id_holds(home: Home) -> None:
    file = gbk_file(home.folder.parent, OPEN)
    assert asked(home, file, "--apply", mailbox="市长").exit_code == 0
    assert command(home, "evidence", "verify").exit_code == 0


def test_the_same_file_twice_adds_only_that_open_letters_were_seen_again(
    home: Home, ledger: Ledger
) -> None:
    file = xlsx_file(home.folder.parent, OPEN, DONE)
    bring(home, ledger, file)
    first = counts(ledger)
    shown = asked(home, file).stdout
    assert "来信2封：新增0，变更0，未变2；以前导出中未答复而本次没有的0封" in shown
    bring(home, ledger, file)
    second = counts(ledger)
    grown = {name: n - first[name] for name, n in second.items() if n != first[name]}
    assert grown == {"run": 1, "visit": 1, "evidence": 1, "letter": 1}


def test_a_letter_answered_since_is_changed_and_one_that_is_missing_is_told(
    home: Home, ledger: Ledger
) -> None:
    bring(home, ledger, gbk_file(home.folder.parent, OPEN, DONE, order("GK4"), LATER), ago=3)
    answered = order("GK1", 答复时间=day(1), 办理状态="已办结")
    file = gbk_file(home.folder.parent, answered, DONE)
    lines = asked(home, file).stdout.splitlines()
    start = lines.index("来信2封：新增0，变更1，未变1；以前导出中未答复而本次没有的2封")
    assert lines[start + 1 : start + 5] == [
        f"  GK1：答复日期 （空） → {TODAY - timedelta(1)}；状态 办理中 → 已办结",
        "以前导出中尚未答复、本次没有的来信，此后情况不明，不作判定：",
        "  GK3",
        "  GK4",
    ]
    bring(home, ledger, file)
    assert letters(ledger)["GK1"].replied_on == TODAY - timedelta(1)
    assert letters(ledger)["GK4"].status == "办理中"


def test_at_most_twenty_changes_are_shown_and_the_rest_counted(home: Home, ledger: Ledger) -> None:
    many = [f"GK{n:02d}" for n in range(23)]
    bring(home, ledger, gbk_file(home.folder.parent, *map(order, many)))
    file = gbk_file(home.folder.parent, *(order(each, 办理状态="已办结") for each in many))
    lines = asked(home, file).stdout.splitlines()
    assert sum("状态 办理中 → 已办结" in line for line in lines) == 20
    assert "  另有3处未列出" in lines


def test_a_template_is_saved_with_the_import_and_used_again(home: Home, ledger: Ledger) -> None:
    file = gbk_file(home.folder.parent, OPEN)
    assert asked(home, file, "--apply", "--save-template", "热线").exit_code == 0
    heads = ["备注" if head == "受理时间" else head for head in HEADS]
    other = gbk_file(home.folder, OPEN, heads=heads)
    again = asked(home, other, "--template", "热线")
    assert isinstance(again.exception, UploadError)
    assert (
        str(again.exception)
        .splitlines()[1]
        .startswith("受理时间（accepted）：文件中没有表头“受理时间”")
    )
    same = asked(home, file, "--template", "热线")
    assert "来信1封：新增0，变更0，未变1；以前导出中未答复而本次没有的0封" in same.stdout
    assert letters(ledger).keys() == {"GK1"}


def test_an_export_without_letters_is_believed_only_when_a_person_says_so(
    home: Home, ledger: Ledger
) -> None:
    empty, full = gbk_file(home.folder.parent), xlsx_file(home.folder.parent, OPEN)
    for file, words, why in (
        (empty, (), "表中没有来信；确无来信的，请加 --nothing"),
        (full, ("--nothing",), "表中有来信，与 --nothing 不符"),
    ):
        refused = asked(home, file, *words, "--apply").exception
        assert isinstance(refused, UploadError)
        assert refused.faults == (why,)
    assert asked(home, empty, "--nothing", "--apply").exit_code == 0
    word = ledger.histories(["mailbox:rx"], now())["mailbox:rx"].word
    assert word is not None
    assert (word.outcome, word.item_count) == (Outcome.EMPTY, 0)


def test_an_older_export_does_not_cover_a_later_one(home: Home, ledger: Ledger) -> None:
    file = gbk_file(home.folder.parent, OPEN)
    bring(home, ledger, file, ago=1)
    before = counts(ledger)
    with pytest.raises(MailboxError) as refused:
        prepare(home, ledger, Asked(file, "rx", " ", TODAY - timedelta(2)))
    assert str(refused.value).splitlines() == [
        "导入人（--by）：不能为空",
        f"导出日期（--exported-on）：{TODAY - timedelta(2)} 早于已导入的 {TODAY - timedelta(1)}，"
        "较早的导出不能覆盖较晚的导出",
    ]
    with pytest.raises(MailboxError, match="尚未到来"):
        prepare(home, ledger, Asked(file, "rx", "王", date(TODAY.year + 1, 12, 31)))
    with pytest.raises(MailboxError, match="登记册中没有信箱 zz。已登记的信箱：rx、市长"):
        prepare(home, ledger, Asked(file, "zz", "王"))
    assert counts(ledger) == before


@pytest.mark.sqlite("refused before anything is written")
def test_a_file_with_faults_is_told_whole_and_nothing_is_written(
    home: Home, ledger: Ledger
) -> None:
    before = counts(ledger)
    rows = (
        OPEN,
        order("", 诉求时间="昨天"),
        order("GK5", 诉求时间="昨天"),
        order("GK1", 受理时间=day(8)),
    )
    file = gbk_file(home.folder.parent, *rows)
    words = ("mailbox", "import", str(file), "--mailbox", "rx", "--by", "王", "--apply")
    failed = called(*words, home=home.folder)
    assert (failed.code, failed.out) == (2, "")
    head, *lines = failed.err.splitlines()
    assert head == "工单.csv：有 3 处错误，未导入任何内容，已有数据保持不变。"
    assert [line.split("：")[0] for line in lines] == [
        "第3行 编号",
        "第4行 来信 GK5 来信日期",
        "第5行 来信 GK1",
    ]
    assert counts(ledger) == before
    assert not home.path("evidence").exists()


@pytest.mark.sqlite("what costs is the reading of the file")
def test_twenty_thousand_letters_take_seconds(home: Home, ledger: Ledger) -> None:
    rows = [order(f"GK{n:06d}") for n in range(20_000)]
    file = gbk_file(home.folder.parent, *rows)
    started = time.process_time()
    bring(home, ledger, file)
    bring(home, ledger, file)
    assert time.process_time() - started < 60
    assert len(letters(ledger)) == 20_000


def test_an_export_without_the_columns_takes_back_no_extension(home: Home, ledger: Ledger) -> None:
    bring(home, ledger, gbk_file(home.folder, LATER), ago=1)
    places = [place for place, head in enumerate(HEADS) if head not in DROPPED_HEADS]
    heads, row = ([line[place] for place in places] for line in (HEADS, LATER))
    bring(home, ledger, gbk_file(home.folder, row, heads=heads))
    held = letters(ledger)["GK3"]
    assert (held.extended_to, held.extension) == (
        TODAY + timedelta(30),
        "李局长批准：须现场勘查",
    )


DROPPED_HEADS = ("延期至", "审批人", "延期原因")
