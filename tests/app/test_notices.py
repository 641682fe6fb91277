"""Notices as clerks issue them: the paper, the mail and the ledger say the same, once."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from app import notices
from app.day import judge_day
from app.handling import HandlingError
from app.home import Home
from app.notices import Order, issue
from checks.course import State
from checks.facts import Letter, Outcome
from checks.lifecycle import EventKind
from notify.notices import NoticeKind
from storage.inventory import read_toml
from storage.ledger import Sighting
from tests.app.life import REGISTER, SETTINGS, Life, begin, text
from tests.both import environment
from tests.checks.make import day
from tests.notify.test_official_documents import png
from tests.notify.test_smtp import Inbox, free_port, serving

LATE = "2026-02-10"
BY = ("--by", "示例经办人")
OFFICE = """\
[office]
name = "示例市人民政府办公室"
red_head = true
contact = "示例科，电话00000000"
"""


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Life]:
    for life in begin(Home(tmp_path / "home"), monkeypatch, "2026-03-02"):
        for column in ("dt", "jy"):
            life.look(column, LATE)
        life.look("kb", None)
        life.cycle()
        life.mails()
        yield life


def numbers(life: Life) -> dict[str, int]:
    return {each.key.subject.partition(":")[2]: each.id for each in life.findings()}


def confirm(life: Life, *columns: str) -> None:
    known = numbers(life)
    life.done("findings", "confirm", *(str(known[each]) for each in columns), *BY)


def paper(path: Path) -> tuple[list[str], list[dict[str, str]], list[list[str]]]:
    """Its paragraphs, each problem's facts, and the rows of the feedback table."""
    document = docx.Document(str(path))
    *problems, feedback = document.tables
    facts = [{row.cells[0].text: row.cells[1].text for row in table.rows[1:]} for table in problems]
    rows = [[cell.text for cell in row.cells] for row in feedback.rows]
    return [p.text for p in document.paragraphs if p.text], facts, rows


def documents(life: Life) -> list[Path]:
    return sorted(life.home.path("reports").glob("*.docx"))


# One notice


def test_the_paper_says_what_the_ledger_holds(life: Life) -> None:
    life.home.path("settings.toml").write_text(SETTINGS + OFFICE, encoding="utf-8")
    confirm(life, "kb", "dt")
    result = life.run("findings", "notice", *BY)
    (path,) = documents(life)
    assert result.stdout == f"{path}\n"
    assert path.name == "整改通知〔2026〕1号-示例办公室.docx"
    told, facts, feedback = paper(path)
    known = numbers(life)
    blank, late = life.finding(known["kb"]), life.finding(known["dt"])
    assert told == [
        "示例市人民政府办公室",
        "整改通知〔2026〕1号",
        "关于限期整改网站与政务新媒体问题的通知",
        "示例办公室：",
        "依据政府网站与政务新媒体检查指标（国办秘函〔2019〕19号）、海安市本级时限，"
        "对你单位负责的网站栏目、信箱和政务新媒体进行了检查。"
        "经人工核实，存在以下2个问题，现通知如下。",
        "一、存在的问题",
        "1. 栏目“其他栏目”：栏目没有任何内容（空白栏目）",
        "2. 栏目“政务动态”：动态新闻类栏目超过两周未更新",
        "二、整改要求",
        "请于2026年3月16日前（含当日）完成以上2个问题的整改。整改期限自本通知下发次日起算。",
        "请对照各问题所列依据和整改要求逐项落实，并自查同类栏目、信箱和账号，"
        "防止同类问题再次发生。",
        "三、反馈与申诉",
        "整改完成后，请填写所附《整改反馈表》，连同整改后的页面地址或截图报"
        "示例市人民政府办公室。收到反馈后进行复查，复查合格的予以销号；"
        "未在期限内反馈的，按整改逾期处理。",
        "对所列问题有异议的，请在整改期限内向示例市人民政府办公室书面提出，"
        "写明问题编号和理由，附证明材料。申诉登记后整改期限停止计算，答复后继续计算；"
        "异议成立的，更正认定，不计入你单位。",
        "联系方式：示例科，电话00000000。",
        "特此通知。",
        "附件：整改反馈表",
        "示例市人民政府办公室",
        "2026年3月2日",
        "附件",
        "整改反馈表",
    ]
    sha256 = hashlib.sha256(LATE.encode()).hexdigest()
    assert facts[1] == {
        "问题编号": str(late.id),
        "所属网站": "示例门户",
        "页面地址": "http://portal.example/dt/",
        "核实情况": "截至2026-03-02，最近更新2026-02-10，时限14天，最后期限2026-02-24，已超期6天",
        "最近更新": "2026-02-10",
        "时限": "14天",
        "已超期": "6天",
        "发现日期": "2026-03-02，2026-03-02经人工核实",
        "依据": "2020年度政府信息公开工作年度报告：动态新闻类栏目更新不超过2周",
        "整改要求": "请在本栏目发布新的动态信息；确无内容的，请向办公室申请合并或下线该栏目。",
        "证据": f"{late.evidence}；SHA-256：{sha256}",
    }
    assert [each["问题编号"] for each in facts] == [str(blank.id), str(late.id)]
    assert feedback == [
        ["编号", "问题", "整改措施", "完成日期", "责任人"],
        [str(blank.id), "栏目“其他栏目”：栏目没有任何内容（空白栏目）", "", "", ""],
        [str(late.id), "栏目“政务动态”：动态新闻类栏目超过两周未更新", "", "", ""],
    ]
    (row,) = life.ledger.notices()
    assert (row.kind, row.number, row.unit, row.by, row.due, row.findings) == (
        "notice",
        "整改通知〔2026〕1号",
        "zfb",
        "示例经办人",
        day("2026-03-16"),
        [blank.id, late.id],
    )
    for finding in (blank, late):
        event = life.finding(finding.id).events[-1]
        assert (event.kind, event.until) == (EventKind.NOTIFIED, row.due)
        assert event.evidence == row.document
    kept = life.home.path(row.document.partition("（")[0])
    assert kept.read_bytes() == path.read_bytes()
    assert kept.stem == hashlib.sha256(path.read_bytes()).hexdigest()
    assert life.run("evidence", "verify").exit_code == 0


def test_where_the_settings_name_no_office_none_is_invented(life: Life) -> None:
    confirm(life, "dt")
    life.done("findings", "notice", *BY)
    told, _, _ = paper(documents(life)[0])
    assert told[:2] == ["整改通知〔2026〕1号", "关于限期整改网站与政务新媒体问题的通知"]
    assert told[-4:-2] == ["办公室", "2026年3月2日"]


def test_each_unit_gets_one_paper_and_one_mail_an_address_with_a_copy_to_the_office(
    life: Life,
) -> None:
    confirm(life, "kb", "dt", "jy")
    result = life.run("findings", "notice", *BY)
    assert [path.name for path in documents(life)] == [
        "整改通知〔2026〕1号-示例办公室.docx",
        "整改通知〔2026〕2号-示例教育局.docx",
    ]
    assert "示例教育局 没有收件地址，须以纸质送达；请在登记册中填写其电子邮箱。" in result.stderr
    mails = life.mails()
    own = "【巡检】整改通知：示例办公室2个问题（限3月16日前整改）"
    others = "【巡检】整改通知：示例教育局1个问题（限3月16日前整改）"
    assert [(mail["To"], mail["Subject"]) for mail in mails] == [
        ("zfb@example.cn", own),
        ("zfb2@example.cn", own),
        ("office@example.cn", own),
        ("office@example.cn", others),
    ]
    assert len({mail["Message-ID"] for mail in mails}) == 4
    for mail, path in zip(mails, [documents(life)[0]] * 3 + [documents(life)[1]], strict=True):
        (attached,) = mail.iter_attachments()
        assert attached.get_filename() == path.name
        assert attached.get_content() == path.read_bytes()
    told, page = text(mails[0]), text(mails[0], "html")
    for words in ("请于2026年3月16日前（含当日）完成以上2个问题的整改", "已超期6天", "特此通知。"):
        assert words in told
        assert words in page
    assert "附件：整改反馈表（见所附文件）" in told


def test_what_was_notified_is_not_notified_again(life: Life) -> None:
    confirm(life, "dt")
    life.done("findings", "notice", *BY)
    life.mails()
    again = life.run("findings", "notice", *BY)
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "没有已确认、待下发的问题。\n"
    number = numbers(life)["dt"]
    why = "现为“已下发”，须先确认且未曾下发，方可下发整改通知"
    assert life.refused("findings", "notice", str(number), *BY) == [f"问题 {number}：{why}"]
    assert (life.mails(), len(documents(life))) == ([], 1)


def test_only_the_units_named_are_notified(life: Life) -> None:
    confirm(life, "dt", "jy")
    assert life.refused("findings", "notice", "--unit", "nobody", *BY) == [
        "登记册中没有编号为 nobody 的单位"
    ]
    life.done("findings", "notice", "--unit", "jyj", *BY)
    assert [row.unit for row in life.ledger.notices()] == ["jyj"]
    assert life.course(numbers(life)["dt"]).state is State.CONFIRMED


def test_what_no_person_has_confirmed_is_not_notified(life: Life) -> None:
    assert "没有已确认" in life.run("findings", "notice", *BY).stderr
    number = numbers(life)["dt"]
    why = "现为“系统发现，待核实”，须先确认且未曾下发，方可下发整改通知"
    assert life.refused("findings", "notice", str(number), *BY) == [f"问题 {number}：{why}"]


# Numbers and deadlines


def test_the_next_free_number_of_the_year_and_of_the_kind_is_taken(life: Life) -> None:
    confirm(life, "dt", "jy", "kb")
    known = {name: str(number) for name, number in numbers(life).items()}
    life.done("findings", "notice", known["dt"], *BY, "--number", "整改通知〔2026〕7号")
    life.done("findings", "notice", known["jy"], *BY, "--number", "示政办整改〔2026〕9号")
    life.done("findings", "notice", known["kb"], *BY)
    assert [row.number for row in life.ledger.notices()] == [
        "整改通知〔2026〕7号",
        "示政办整改〔2026〕9号",
        "整改通知〔2026〕8号",
    ]


def test_a_number_belongs_to_one_paper(life: Life) -> None:
    confirm(life, "dt", "jy", "kb")
    known = {name: str(number) for name, number in numbers(life).items()}
    number = ("--number", "示政办整改〔2026〕3号")
    assert life.refused("findings", "notice", *BY, *number) == [
        "文号（--number）：示政办整改〔2026〕3号 只能用于一个单位，本次有2个单位"
    ]
    life.done("findings", "notice", known["jy"], *BY, *number)
    assert life.refused("findings", "notice", known["dt"], *BY, *number) == [
        "文号（--number）：示政办整改〔2026〕3号 已用于另一份通知"
    ]
    assert life.refused("findings", "notice", *BY, "--number", " ") == [
        "文号（--number）：应为1至60个字"
    ]


@pytest.mark.parametrize(
    ("due", "may"),
    [("2026-03-02", False), ("2026-03-03", True), ("2026-03-16", True), ("2026-03-17", False)],
)
def test_a_deadline_of_one_s_own_is_after_today_and_no_later_than_the_hard_stop(
    life: Life, due: str, may: bool
) -> None:
    confirm(life, "dt")
    words = ("findings", "notice", *BY, "--due", due)
    if may:
        life.done(*words)
        assert life.ledger.notices()[0].due == day(due)
    else:
        assert life.refused(*words) == [
            f"整改期限（--due）：{due}，应在2026-03-02之后，且不晚于2026-03-16"
        ]


def test_numbers_and_units_are_not_given_together(life: Life) -> None:
    confirm(life, "dt")
    assert life.refused("findings", "notice", "1", "--unit", "zfb", *BY) == [
        "问题编号与 --unit 只能给出一种"
    ]


# No false accusation


def test_what_today_s_judgement_no_longer_holds_is_not_notified(life: Life) -> None:
    confirm(life, "dt")
    life.on("2026-03-03")
    life.look("dt", "2026-03-03")
    number = numbers(life)["dt"]
    (line,) = life.refused("findings", "notice", *BY)
    assert line.startswith(f"问题 {number}：今日判定已无此问题（最近更新2026-03-03")
    assert line.endswith("），请先运行 xunjian check，不能下发")


def test_of_what_cannot_be_seen_today_the_paper_says_when_it_was_seen(life: Life) -> None:
    confirm(life, "dt")
    life.on("2026-03-03")
    life.look("dt", None, Outcome.BLOCKED)
    life.done("findings", "notice", *BY)
    _, (facts,), _ = paper(documents(life)[0])
    assert facts["核实情况"] == (
        "2026-03-02查看：最近更新2026-02-10，时限14天，最后期限2026-02-24，已超期6天"
    )
    assert facts["最近更新"] == "2026-02-10"
    assert "已超期" not in facts


def test_a_subject_or_a_unit_that_left_the_register_is_not_notified(life: Life) -> None:
    confirm(life, "dt", "jy")
    known = numbers(life)
    register = REGISTER.replace('id = "jyj"', 'id = "jyj2"').replace(
        'unit = "jyj"', 'unit = "jyj2"'
    )
    life.on("2026-03-03")
    life.ledger.load_inventory(read_toml(register, "synthetic"), life.at)
    assert life.refused("findings", "notice", *BY) == [
        f"问题 {known['jy']}：责任单位 jyj 不在登记册中，不能下发"
    ]
    gone = register.replace('id = "dt"', 'id = "dt2"')
    life.ledger.load_inventory(read_toml(gone, "synthetic"), life.at)
    assert life.refused("findings", "notice", "--unit", "zfb", *BY) == [
        f"问题 {known['dt']}：对象 column:dt 已不在登记册中，不能下发"
    ]


MAILBOX = """\
[[mailbox]]
id = "xx"
site = "s"
name = "示例信箱"
url = "http://portal.example/xx/"
unit = "zfb"
"""


def test_a_letter_is_named_by_its_number_and_nothing_a_person_gave_is_shown(
    life: Life, tmp_path: Path
) -> None:
    life.ledger.load_inventory(read_toml(REGISTER + MAILBOX, "synthetic"), life.at)
    letter = Letter("L01", "某人的来信标题", None, day("2026-02-02"), answered=False)
    run = life.ledger.start_run(1, life.at)
    life.ledger.record(run, Sighting("mailbox:xx", life.at, Outcome.OK, letters=(letter,)))
    life.cycle()
    found = next(
        each for each in life.findings() if each.key.letter and each.key.rule == "mailbox_5wd"
    )
    shot = tmp_path / "某人来信.png"
    shot.write_bytes(png(30, 10))
    life.done("findings", "confirm", str(found.id), *BY, "--evidence", str(shot))
    life.done("findings", "notice", str(found.id), *BY)
    (path,) = documents(life)
    told, (facts,), _ = paper(path)
    assert "1. 来信“示例信箱 L01”：政府信箱来信超过五个工作日未答复或逾期答复" in "".join(told)
    assert facts["时限"] == "5个工作日"
    assert facts["核实情况"].startswith("截至2026-03-02，")
    assert "某人" not in "".join([*told, *facts.values()])
    assert len(docx.Document(str(path)).inline_shapes) == 0


def test_a_picture_that_confirmed_it_stands_in_the_paper_and_in_the_mail(
    life: Life, tmp_path: Path
) -> None:
    shot, false = tmp_path / "截图.png", tmp_path / "假.png"
    shot.write_bytes(png(800, 500))
    false.write_bytes(b"no picture")
    known = numbers(life)
    life.done("findings", "confirm", str(known["dt"]), *BY, "--evidence", str(shot))
    life.done("findings", "confirm", str(known["kb"]), *BY, "--evidence", str(false))
    life.done("findings", "notice", *BY)
    document = docx.Document(str(documents(life)[0]))
    (picture,) = document.inline_shapes
    assert round(picture.width.mm) == 150
    assert picture._inline.docPr.get("descr") == f"问题{known['dt']}的核实材料"
    _, facts, _ = paper(documents(life)[0])
    sha256 = hashlib.sha256(shot.read_bytes()).hexdigest()
    assert facts[1]["证据"] == f"核实材料：截图.png；SHA-256：{sha256}"
    images = [part for part in life.mails()[0].walk() if part.get_content_type() == "image/png"]
    assert [part.get_payload(decode=True) for part in images] == [shot.read_bytes()]


# Urging


def test_an_urging_says_what_was_asked_when_and_since_when_it_is_overdue(life: Life) -> None:
    confirm(life, "dt", "kb")
    life.done("findings", "notice", *BY)
    known = numbers(life)
    life.on("2026-03-05")
    life.look("kb", None)
    life.done("findings", "report-back", str(known["kb"]), *BY, "--note", "已补充")
    life.done("findings", "recheck", str(known["kb"]), "--failed", *BY, "--note", "仍为空白")
    life.on("2026-03-18")
    life.look("dt", LATE)
    life.look("kb", None)
    life.cycle()
    life.mails()
    ids = (str(known["dt"]), str(known["kb"]))
    life.done("findings", "urge", *ids, *BY, "--note", "逾期未整改")
    path = life.home.path("reports", "督办通知〔2026〕1号-示例办公室.docx")
    told, facts, feedback = paper(path)
    assert told[:5] == [
        "督办通知〔2026〕1号",
        "关于督办网站与政务新媒体问题整改的通知",
        "示例办公室：",
        "前以整改通知〔2026〕1号（2026年3月2日）要求你单位限期整改有关问题。"
        "截至2026年3月18日，仍有以下2个问题未整改到位，现予督办，通知如下。",
        "一、未整改到位的问题",
    ]
    assert [each["已要求整改"] for each in facts] == [
        "2026年3月2日，整改通知〔2026〕1号，期限2026年3月16日"
    ] * 2
    by_number = {each["问题编号"]: each["未整改情况"] for each in facts}
    assert by_number == {
        ids[0]: "整改期限2026-03-16已过2天（2个工作日），未收到整改反馈",
        ids[1]: "2026-03-05复查未通过：仍为空白",
    }
    assert len(feedback) == 3
    (_, row) = life.ledger.notices()
    assert (row.kind, row.due) == ("urge", day("2026-04-01"))
    assert life.told() == dict.fromkeys(
        ("zfb@example.cn", "zfb2@example.cn", "office@example.cn"),
        "【巡检】督办通知：示例办公室2个问题（限4月1日前整改）",
    )


# Two at once, and disks and servers that fail


def test_what_another_clerk_did_meanwhile_stops_the_whole_notice(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(life, "dt", "jy")
    number = numbers(life)["jy"]

    def meanwhile(*given: Any) -> Any:
        life.done("findings", "dismiss", str(number), *BY, "--note", "误报")
        return judge_day(*given)

    monkeypatch.setattr(notices, "judge_day", meanwhile)
    order = Order(NoticeKind.NOTICE, "示例经办人", "下发")
    with pytest.raises(HandlingError, match=f"问题 {number}：现为“误报”"):
        issue(life.home, life.home.settings(), life.ledger, order)
    assert (life.ledger.notices(), life.mails(), documents(life)) == ([], [], [])
    assert life.course(numbers(life)["dt"]).state is State.CONFIRMED


def test_of_two_processes_one_confirms_and_the_other_is_refused(life: Life) -> None:
    number = numbers(life)["dt"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("XUNJIAN_")}
    command = [sys.executable, "-m", "app", "findings", "confirm", str(number), *BY]
    where = {"XUNJIAN_HOME": str(life.home.folder), **environment(life.home.folder)}
    running = [
        subprocess.Popen(
            command,
            env={**clean, **where, "PYTHONIOENCODING": "utf-8"},
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for _ in range(2)
    ]
    told = {process.communicate()[1] for process in running}
    assert sorted(process.returncode for process in running) == [0, 2]
    today = life.course(number).confirmed_on
    assert told == {
        f"确认：问题 {number}。\n",
        f"问题 {number}：现为“已确认”，已于{today}确认\n",
    }
    assert [event.kind for event in life.finding(number).events] == [
        EventKind.DETECTED,
        EventKind.CONFIRMED,
    ]


def test_a_folder_that_cannot_be_written_issues_nothing(life: Life, tmp_path: Path) -> None:
    confirm(life, "dt")
    tmp_path.joinpath("file").write_text("", encoding="utf-8")
    result = life.run("findings", "notice", *BY, "--out", str(tmp_path / "file" / "out"))
    assert isinstance(result.exception, OSError)
    assert (life.ledger.notices(), life.mails()) == ([], [])


def test_a_notice_arrives_by_a_real_server_and_a_second_run_sends_nothing(life: Life) -> None:
    confirm(life, "dt")
    inbox, port = Inbox(), free_port()
    server = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    settings = SETTINGS.replace("[mail]\n", server)
    life.home.path("settings.toml").write_text(settings, encoding="utf-8")
    with serving(inbox, port):
        life.done("findings", "notice", *BY)
        life.cycle()
        life.done("findings", "notice", *BY)
    # The cycle after it tells nobody again of what the notice told.
    assert [person for person, _ in inbox.arrived] == [
        "zfb@example.cn",
        "zfb2@example.cn",
        "office@example.cn",
    ]
    sent = {each.message.recipient: each.message.mime for each in life.ledger.deliveries("sent")}
    for person, body in inbox.arrived:
        assert body.rstrip() == sent[person].rstrip()
    assert docx.Document(BytesIO(documents(life)[0].read_bytes())).tables
