"""`xunjian account import`: previewed, refused whole, or written once with its evidence."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from app.home import Home
from app.reread import weigh_again
from checks.accounts import FIGURES
from checks.facts import DateSource, Item, Method, Outcome
from storage.clock import now
from storage.ledger import Ledger, Sighting
from storage.sheets import UploadError
from tests.app.accounts import ago, command, counts, make_home, word, workbook
from tests.app.run import called

HEADS = ["内容标题", "发表时间", "内容URL", "评论数", "作者回复数", "总阅读人数"]
BY = ("--by", "张三")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, database: str) -> Path:
    return make_home(tmp_path_factory.mktemp("accounts") / "home").folder


@pytest.fixture
def home(tmp_path: Path, made: Path) -> Home:
    return Home(shutil.copytree(made, tmp_path / "home"))


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    ledger = home.open_ledger()
    yield ledger
    ledger.close()


def row(title: str, days: int, *others: object) -> list[object]:
    address = f"https://mp.example.cn/{days}"
    return [title, f"{ago(days):%Y-%m-%d} 08:30", address, *(others or (2, 1)), 99]


def table(
    path: Path, rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS, code: str = "utf-8"
) -> Path:
    with path.open("w", encoding=code, newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def imported(home: Home, file: Path, *more: str) -> Result:
    return command(home, "account", "import", str(file), *BY, *more)


def refused(home: Home, ledger: Ledger, file: Path, *more: str) -> list[str]:
    before = counts(ledger)
    failed = imported(home, file, *more, "--apply")
    assert isinstance(failed.exception, UploadError)
    assert (failed.stdout, counts(ledger)) == ("", before)
    head, *lines = str(failed.exception).splitlines()
    assert f"有 {len(lines)} 处错误，未导入任何内容，已有数据保持不变。" in head
    return lines


def looked(ledger: Ledger, days: int) -> None:
    """A look of our own at wx, whose newest post is so many days old."""
    item = Item("抓取所见", "https://mp.example.cn/x", ago(days), str(ago(days)), DateSource.FEED)
    run = ledger.start_run(1, now())
    ledger.record(run, Sighting("account:wx", now(), Outcome.OK, items=(item,)))
    ledger.finish_run(run, now())


def test_a_preview_tells_everything_and_writes_nothing(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    looked(ledger, 5)
    before = counts(ledger)
    file = table(tmp_path / "导出.csv", [row("示例甲", 9), row("示例乙", 2)])
    done = imported(home, file, "--account", "wx")
    assert done.exit_code == 0
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    assert done.stdout.splitlines() == [
        f"文件：导出.csv，SHA-256：{sha256}，2行",
        f"情况截至：{ago(0)}（导出日期）；导入人：张三",
        "取用的列：内容标题 → 标题；内容URL → 链接；发表时间 → 发布时间；评论数 → 评论数；"
        "作者回复数 → 回复数",
        "不取的列：总阅读人数",
        f"账号 本市发布（account:wx，wechat）：2条，{ago(9)} 至 {ago(2)}；台账已有0条，新增2条",
        f"  最新一条：{ago(2)}；台账此前所见最新：{ago(5)}（{ago(0)} 查看）",
        "  合计：评论4，回复2",
    ]
    assert done.stderr.strip() == "以上为预览，未写入任何内容；确认无误后加 --apply 导入。"
    assert (counts(ledger), word(ledger)) == (before, None)
    assert not home.path("templates").exists()


def test_an_import_is_a_visit_with_items_figures_and_evidence(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    title = '=HYPERLINK("http://a.example.cn") 13800138000'
    file = table(tmp_path / "导出.csv", [row(title, 9), row("示例乙", 2)], code="gbk")
    done = imported(home, file, "--account", "account:wx", "--exported-on", str(ago(1)), "--apply")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.strip() == (
        f"已导入 账号 本市发布（account:wx，wechat）：2条，{ago(9)} 至 {ago(2)}；"
        "台账已有0条，新增2条。"
    )
    visit = word(ledger)
    assert visit is not None
    assert (visit.method, visit.by, visit.shown_to) == (Method.EXPORT, "张三", ago(1))
    assert (visit.outcome, visit.newest, visit.newest_title) == (Outcome.OK, ago(2), "示例乙")
    assert (visit.date_source, visit.item_count) == (DateSource.API, 2)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    assert visit.note == f"原文件名：导出.csv，SHA-256：{sha256}，2行"
    (look,) = ledger.observed(now(), ["account:wx"], families=[FIGURES])["account:wx"]
    assert look.facts == {
        "followers": None,
        "posts": None,
        "comments": 4,
        "replies": 2,
        "since": str(ago(9)),
        "until": str(ago(2)),
    }
    (link,) = ledger.evidence_of(visit.id)
    assert link.url == f"urn:xunjian:export:wx:{ago(1)}"
    kept = ledger.evidence.capture(link)
    assert kept.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(kept.body.decode("utf-8-sig").splitlines()))
    masked = '\'=HYPERLINK("http://a.example.cn") 13*******00'
    assert rows[:2] == [
        ["标题", "链接", "发布时间", "评论数", "回复数"],
        [masked, "https://mp.example.cn/9", f"{ago(9)} 08:30", "2", "1"],
    ]
    assert command(home, "evidence", "verify").exit_code == 0


def test_an_explanation_reads_the_kept_rows_again(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    file = table(tmp_path / "导出.csv", [row("=示例甲", 2), row("=示例甲", 9)])
    assert imported(home, file, "--account", "wx", "--apply").exit_code == 0
    visit = word(ledger)
    assert visit is not None
    again = weigh_again(ledger, None, visit)
    assert again is not None
    (found,) = again.candidates
    assert (found.on, found.text) == (ago(2), f"{ago(2)} 08:30")
    assert found.rule == "接口返回或后台导出的发布时间"
    assert again.origin == f"重读 {ago(0)} 导入时留存的后台导出记录"


def test_what_is_imported_twice_changes_nothing_but_adds_a_visit(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    file = table(tmp_path / "导出.csv", [row("示例甲", 9), row("示例乙", 2)])
    assert imported(home, file, "--account", "wx", "--apply").exit_code == 0
    first, items = word(ledger), ledger.items()
    assert "台账已有2条，新增0条" in imported(home, file, "--account", "wx").stdout
    assert imported(home, file, "--account", "wx", "--apply").exit_code == 0
    second = word(ledger)
    assert counts(ledger) == (2, 2, 2)
    assert ledger.items() == items
    assert first is not None
    assert second is not None
    assert (second.newest, second.newest_title) == (first.newest, first.newest_title)
    assert second.id > first.id
    assert command(home, "evidence", "verify").exit_code == 0


def test_a_workbook_names_its_accounts_row_by_row(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    moment = datetime.combine(ago(3), time(8))
    rows: list[Sequence[object]] = [
        ["各账号发布情况（合成）"],
        ["帐号名称", "标题", "发布日期"],
        ["示例文旅", "甲", moment],
        ["wx", "乙", ago(1)],
        ["示例文旅", "丙", moment - timedelta(days=4)],
    ]
    file = workbook(tmp_path / "汇总.xlsx", rows)
    assert imported(home, file, "--apply").exit_code == 0
    wx, tour = word(ledger), word(ledger, "文旅")
    assert wx is not None
    assert tour is not None
    assert (wx.newest, wx.item_count) == (ago(1), 1)
    assert (tour.newest, tour.item_count, tour.date_text) == (ago(3), 2, f"{moment}")
    (link,) = ledger.evidence_of(tour.id)
    assert link.url == f"urn:xunjian:export:%E6%96%87%E6%97%85:{ago(0)}"
    assert command(home, "evidence", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            (),
            [
                "第2行 账号：'本市发布'，有多个账号用此名称（wx、wb），请改写为编号，"
                "或分文件并用 --account 指定",
                "第3行 账号：'nobody'，应为登记册中账号的编号或名称",
                "第4行 账号：''，应为登记册中账号的编号或名称",
            ],
        ),
        (("--account", "wb"), ["第3行 账号：'nobody'，与 --account wb 不是同一账号"]),
        (
            ("--account", "no"),
            ["登记册中没有账号 no。已登记的账号：wx、wb、文旅"],
        ),
    ],
)
@pytest.mark.sqlite("refused before anything is written")
def test_an_account_that_is_not_plain_is_a_fault(
    home: Home, ledger: Ledger, tmp_path: Path, more: Sequence[str], told: list[str]
) -> None:
    rows = [[name, "甲", str(ago(1))] for name in ("本市发布", "nobody", "")]
    file = table(tmp_path / "导出.csv", rows, ["账号", "标题", "日期"])
    assert refused(home, ledger, file, *more) == told


@pytest.mark.sqlite("refused before anything is written")
def test_everything_wrong_is_told_at_once(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    file = table(tmp_path / "导出.csv", [["甲", "昨天"], ["乙", str(ago(-1))]], ["标题", "日期"])
    failed = called(
        *("account", "import", str(file), "--by", " ", "--exported-on", str(ago(-2))),
        *("--account", "no", "--apply"),
        home=home.folder,
    )
    assert (failed.code, counts(ledger)) == (2, (0, 0, 0))
    assert failed.err.splitlines() == [
        "导出.csv：有 5 处错误，未导入任何内容，已有数据保持不变。",
        "导入人（--by）：不能为空",
        f"导出日期（--exported-on）：{ago(-2)} 尚未到来",
        "登记册中没有账号 no。已登记的账号：wx、wb、文旅",
        "第2行 日期：'昨天'，应为日期，如 2026-11-20、2026/11/20 08:30、2026年11月20日，"
        "年份不早于1949",
        f"第3行 日期：'{ago(-1)}'，晚于导入之日 {ago(0)}，请核对",
    ]


@pytest.mark.sqlite("refused before anything is written")
def test_an_export_names_its_account(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    file = table(tmp_path / "导出.csv", [row("甲", 1)])
    assert refused(home, ledger, file) == [
        "没有指明账号：请用 --account 指定，或在文件中用“账号”一列逐行写明"
    ]


@pytest.mark.sqlite("refused before anything is written")
def test_an_export_is_not_older_than_its_newest_post(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    file = table(tmp_path / "导出.csv", [row("甲", 1)])
    assert refused(home, ledger, file, "--account", "wx", "--exported-on", str(ago(2))) == [
        f"导出日期（--exported-on）：{ago(2)} 早于文件中最新一条的 {ago(1)}"
    ]


def test_an_export_of_some_weeks_only_cannot_make_an_account_late(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    looked(ledger, 1)
    file = table(tmp_path / "导出.csv", [row("甲", 40)])
    assert refused(home, ledger, file, "--account", "wx") == [
        f"账号 wx：最新一条为 {ago(40)}，早于台账已见的 {ago(1)}（{ago(0)} 查看）；"
        "请核对是否只导出了部分时段或日期有误；较新的内容确已删除的，加 --deleted"
    ]
    assert imported(home, file, "--account", "wx", "--deleted", "--apply").exit_code == 0
    visit = word(ledger)
    assert visit is not None
    assert visit.note is not None
    assert visit.newest == ago(40)
    assert visit.note.endswith("；导入人确认较新的内容已删除")


def test_an_older_export_does_not_take_the_place_of_a_later_one(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    file = table(tmp_path / "导出.csv", [row("甲", 9)])
    assert imported(home, file, "--account", "wx", "--apply").exit_code == 0
    assert refused(home, ledger, file, "--account", "wx", "--exported-on", str(ago(3))) == [
        f"账号 wx：反映到 {ago(3)}，早于台账已有的 {ago(0)}（{ago(0)} 后台导出，张三）；"
        "较早的情况不能覆盖较晚的"
    ]


def test_an_export_without_a_row_needs_a_person_s_word(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    file = table(tmp_path / "导出.csv", [])
    assert refused(home, ledger, file, "--account", "wx") == [
        "文件中没有内容；后台确实没有任何内容的，加 --nothing"
    ]
    full = table(tmp_path / "有.csv", [row("甲", 1)])
    assert refused(home, ledger, full, "--account", "wx", "--nothing") == [
        "文件中有内容，与 --nothing 不符"
    ]
    assert imported(home, file, "--account", "wx", "--nothing", "--apply").exit_code == 0
    visit = word(ledger)
    assert visit is not None
    assert (visit.outcome, visit.newest, visit.item_count) == (Outcome.EMPTY, None, 0)
    assert str(visit.note).endswith("，0行；导入人确认后台没有任何内容")
    assert command(home, "evidence", "verify").exit_code == 0


def test_a_template_is_saved_and_used_again(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    odd = ["甲列", "日期", "发布时间"]
    file = table(tmp_path / "导出.csv", [["示例", "不详", str(ago(1))]], odd)
    (told,) = [line for line in refused(home, ledger, file, "--account", "wx") if "都可能" in line]
    assert told.startswith("发布时间（published）：日期、发布时间 都可能是")
    folder = home.path("templates")
    folder.mkdir()
    folder.joinpath("posts-甲.toml").write_text(
        '[columns]\ntitle = "甲列"\npublished = "发布时间"\n', encoding="utf-8"
    )
    more = ("--account", "wx", "--template", "甲", "--save-template", "乙", "--apply")
    assert imported(home, file, *more).exit_code == 0
    assert folder.joinpath("posts-乙.toml").read_text(encoding="utf-8") == (
        '[columns]\ntitle = "甲列"\npublished = "发布时间"\n'
    )
    visit = word(ledger)
    assert visit is not None
    assert visit.newest == ago(1)


def test_a_name_of_a_file_is_data(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    file = table(tmp_path / "[red]\u202e导出 13800138000.csv", [row("甲", 1)])
    shown = imported(home, file, "--account", "wx").stdout
    assert "[red]�导出" in shown
    assert imported(home, file, "--account", "wx", "--apply").exit_code == 0
    visit = word(ledger)
    assert visit is not None
    assert "13800138000" not in str(visit.note)


def test_evidence_is_taken_out_whole_and_never_over_a_file(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    file = table(tmp_path / "导出.csv", [row("甲", 1)])
    assert imported(home, file, "--account", "wx", "--apply").exit_code == 0
    visit = word(ledger)
    assert visit is not None
    (link,) = ledger.evidence_of(visit.id)
    out = tmp_path / "证据.csv"
    taken = ("evidence", "extract", str(visit.evidence), "--out", str(out))
    done = command(home, *taken)
    assert done.exit_code == 0
    assert link.sha256 in done.stderr
    assert hashlib.sha256(out.read_bytes()).hexdigest() == link.sha256
    again = command(home, *taken)
    assert again.exit_code == 2
    assert "已存在，不覆盖" in again.stderr
    missing = command(home, *taken[:2], "evidence/no#urn:uuid:0", *taken[3:])
    assert missing.exit_code == 2
    assert "没有这份证据" in missing.stderr
    home.path("evidence", link.warc).write_bytes(b"")
    broken = command(home, *taken[:4], str(tmp_path / "另.csv"))
    assert broken.exit_code == 4
    assert "证据无法取出" in broken.stderr
    assert not tmp_path.joinpath("另.csv").exists()


def test_very_many_posts_are_imported(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    rows = [[f"示例{n}", str(ago(n % 900))] for n in range(5000)]
    file = table(tmp_path / "导出.csv", rows, ["标题", "日期"])
    assert imported(home, file, "--account", "wx", "--apply").exit_code == 0
    visit = word(ledger)
    assert visit is not None
    assert (visit.item_count, visit.newest) == (5000, ago(0))


def test_drafts_of_an_export_do_not_make_a_silent_account_alive(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    heads = ["标题", "发布时间", "状态"]
    rows = [["已发的", f"{ago(40)}", "已发布"], ["未发的", f"{ago(1)}", "草稿"]]
    file = table(tmp_path / "全部.csv", rows, heads)
    told = imported(home, file, "--account", "wx").stdout
    assert "状态列注明未发布、未公开或已删除的，不计：1行" in told
    assert imported(home, file, "--account", "wx", "--apply").exit_code == 0
    visit = word(ledger)
    assert visit is not None
    assert visit.newest == ago(40)


def test_an_export_without_a_row_empties_no_account_whose_posts_are_known(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    looked(ledger, 5)
    file = table(tmp_path / "导出.csv", [])
    (line,) = refused(home, ledger, file, "--account", "wx", "--nothing")
    assert line.startswith(f"账号 wx：最新一条为 无，早于台账已见的 {ago(5)}")
    told = imported(home, file, "--account", "wx", "--nothing", "--deleted", "--apply")
    assert told.exit_code == 0
