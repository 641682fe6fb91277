"""What the service does by itself, and what the operator hears of it."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from app.alone import alone
from app.doctor.service import service
from app.home import Home
from app.service import drafts, kept, scheduler, tasks
from app.service.tasks import TASKS, run_task, standing_of
from app.service.watch import calendar_ends, watch
from app.settings import Settings
from checks.calendar import WorkCalendar, YearPlan
from crawler.children import CrawlStoppedError
from storage.inventory import read_toml
from storage.ledger import Ledger
from tests.app.life import OPERATOR, REGISTER, Life, begin
from tests.crawler.server import page, serving

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Iterator[Life]:
    made = begin(Home(tmp_path / "home"), monkeypatch, "2026-09-21")
    life = next(made)
    for module in (drafts, kept, scheduler, tasks):
        monkeypatch.setattr(module, "now", lambda: life.at)
    yield life
    next(made, None)


def ran(
    life: Life, name: str, answer: str | Exception | None, monkeypatch: pytest.MonkeyPatch
) -> bool:
    """Run a task whose work ends so."""

    def job(_home: Home, _settings: Settings, _ledger: Ledger) -> str | None:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(tasks, "TASKS", {**TASKS, name: replace(TASKS[name], job=job)})
    return run_task(name, life.home, life.ledger)


def to_operator(life: Life) -> list[tuple[str, str]]:
    """Subject and words of every mail to the operator about the service, oldest first."""
    told = []
    for each in life.ledger.deliveries():
        mail = email.message_from_bytes(each.message.mime, policy=default)
        if isinstance(mail, EmailMessage) and mail["X-Xunjian-Kind"] == "service":
            body = mail.get_body(("plain",))
            assert (each.message.recipient, body is not None) == (OPERATOR, True)
            told.append((str(mail["Subject"]), str(body.get_content()) if body else ""))
    return told


def watched(life: Life) -> int:
    since = life.ledger.first_task("service") or life.at
    return watch(life.home, life.home.settings(), life.ledger, since, life.at)


@pytest.mark.parametrize(
    ("answer", "ok", "note"),
    [
        (None, True, None),
        ("本次什么也没有看到", False, "本次什么也没有看到"),
        (ValueError("磁盘空间不足"), False, "磁盘空间不足"),
        (ValueError(), False, "ValueError"),
        (CrawlStoppedError("服务正在停止"), None, "服务正在停止"),
    ],
)
def test_each_run_is_kept_with_its_end(
    life: Life,
    monkeypatch: pytest.MonkeyPatch,
    answer: str | Exception | None,
    ok: bool | None,
    note: str | None,
) -> None:
    assert ran(life, "cycle", answer, monkeypatch) is (ok is True)
    (run,) = life.ledger.last_tasks("cycle", 9)
    assert (run.started_at, run.finished_at, run.ok, run.note) == (life.at, life.at, ok, note)
    assert life.ledger.lease("cycle") is None


def test_a_task_that_another_process_does_is_not_done_and_not_kept(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    with alone(life.ledger, "cycle"):
        assert not ran(life, "cycle", None, monkeypatch)
        assert ran(life, "weekly", None, monkeypatch)
    assert life.ledger.last_task("cycle") is None


def test_a_first_cycle_is_owed_at_once_and_a_weekly_report_from_its_next_hour_on(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = life.at
    life.ledger.begin_task("service", served)
    settings = life.home.settings()

    def owed() -> list[str]:
        return scheduler.owed(settings, life.ledger, served, life.at)

    assert owed() == ["cycle", "probe"]
    with alone(life.ledger, "cycle"):
        assert owed() == ["probe"]
    assert ran(life, "cycle", None, monkeypatch)
    assert ran(life, "probe", None, monkeypatch)
    assert owed() == []
    life.on("2026-09-28")
    assert owed() == ["cycle", "weekly", "probe", "deliver", "upkeep"]
    assert not ran(life, "weekly", "未能生成", monkeypatch)
    assert "weekly" not in owed()
    life.at += HOUR
    assert "weekly" in owed()


def test_what_was_cut_short_is_owed_at_once_but_not_what_may_be_killing_us(life: Life) -> None:
    ledger = life.ledger
    stopped = ledger.begin_task("cycle", life.at)
    ledger.end_task(stopped, life.at, ok=None, note="服务正在停止")
    assert standing_of("cycle", ledger).not_before is None
    ledger.begin_task("cycle", life.at + HOUR)
    assert standing_of("cycle", ledger).not_before is None
    ledger.begin_task("cycle", life.at + 2 * HOUR)
    assert standing_of("cycle", ledger).not_before == life.at + 3 * HOUR


def test_old_runs_are_forgotten_but_the_first_and_the_last_success(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = life.at
    for answer in (None, None, "x", "x"):
        ran(life, "weekly", answer, monkeypatch)
        life.at += DAY
    assert life.ledger.drop_tasks(life.at - 100 * DAY) == 0
    assert life.ledger.drop_tasks(life.at) == 2
    left = [run.started_at for run in life.ledger.last_tasks("weekly", 9)]
    assert left == [begun + DAY, begun]
    assert life.ledger.first_task("weekly") == begun


def test_silence_is_told_once_and_its_end_once(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.ledger.begin_task("service", life.at)
    assert ran(life, "cycle", None, monkeypatch)
    life.at += 26 * HOUR
    assert not ran(life, "cycle", "本次什么也没有看到", monkeypatch)
    assert watched(life) == 0
    life.at += HOUR
    assert [watched(life), watched(life)] == [1, 0]
    ((subject, words),) = to_operator(life)
    assert subject == "【巡检】巡检系统需要处理"
    assert words.splitlines() == [
        "每日巡检已超过26小时没有成功，最近一次成功为2026-09-21 09:00；"
        "最近一次未成功的原因：本次什么也没有看到。期间的提醒和判定可能缺失。",
        "请运行 xunjian doctor 查看各项检查；服务的日志见 journalctl -u xunjian。",
    ]
    assert ran(life, "cycle", None, monkeypatch)
    assert [watched(life), watched(life)] == [1, 0]
    subject, words = to_operator(life)[1]
    assert subject == "【巡检】每日巡检已恢复"
    assert words.startswith("每日巡检已恢复：2026-09-22 12:00的一次已成功。")
    life.at += 27 * HOUR
    assert watched(life) == 1
    assert "最近一次成功为2026-09-22 12:00；期间没有运行" in to_operator(life)[2][1]


def test_what_fails_again_is_told_once_a_series(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for answer in ("甲", "乙", "丙", None, "丁", "戊"):
        ran(life, "quarterly", answer, monkeypatch)
        life.at += HOUR
        told.append(watched(life))
    assert told == [0, 1, 0, 0, 0, 1]
    assert [words.splitlines()[0] for _, words in to_operator(life)] == [
        "季度检查通报草稿连续2次未能完成，仍在重试：乙",
        "季度检查通报草稿连续2次未能完成，仍在重试：戊",
    ]


@pytest.mark.parametrize(
    ("today", "key", "left"),
    [
        ("2026-10-31", None, None),
        ("2026-11-01", "calendar:2026:60", "还有60天"),
        ("2026-12-01", "calendar:2026:30", "还有30天"),
        ("2026-12-24", "calendar:2026:7", "还有7天"),
        ("2027-01-05", "calendar:2026:7", "还有0天"),
    ],
)
def test_a_calendar_that_ends_is_told_of_three_times(
    today: str, key: str | None, left: str | None
) -> None:
    calendar = WorkCalendar({2026: YearPlan(2026, frozenset(), frozenset(), "synthetic")})
    found = list(calendar_ends(calendar, date.fromisoformat(today)))
    assert [each for each, _ in found] == ([key] if key else [])
    assert all(str(left) in words and "cn-2027.toml" in words for _, words in found)


def test_settings_that_break_while_it_serves_are_told_by_the_settings_it_began_with(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = life.home.settings()
    life.ledger.begin_task("service", life.at)
    jobs = scheduler.build(life.home, began)
    life.home.path("settings.toml").write_text("[schedule]\ncycle = 'x'\n", encoding="utf-8")
    for _ in range(2):
        assert not run_task("weekly", life.home, life.ledger)
        life.at += HOUR
    monkeypatch.setattr(scheduler, "owed", lambda *_: [])
    scheduler.look_after(life.home, began, life.ledger, jobs, life.at)
    ((_, words),) = to_operator(life)
    assert words.startswith("周报连续2次未能完成，仍在重试：")
    assert "设置有误" in words


def test_a_pack_that_cannot_be_read_hides_no_silence(life: Life) -> None:
    life.ledger.begin_task("service", life.at)
    life.home.path("packs").mkdir()
    life.home.path("packs", "haian.toml").write_text("[", encoding="utf-8")
    life.at += 27 * HOUR
    assert watched(life) == 1
    assert "每日巡检已超过26小时没有成功，至今没有成功过；期间没有运行" in to_operator(life)[0][1]


def test_a_cycle_over_an_empty_register_is_no_success(life: Life) -> None:
    only_units = REGISTER.partition("[[site]]")[0]
    life.ledger.load_inventory(read_toml(only_units, "synthetic"), life.at)
    assert not run_task("cycle", life.home, life.ledger)
    run = life.ledger.last_task("cycle")
    assert run is not None
    assert (run.ok, (run.note or "")[:9]) == (False, "没有可查看的对象：")


def test_drafts_of_the_quarter_and_half_year_go_to_the_office_once(life: Life) -> None:
    life.on("2027-01-01")
    for name in ("quarterly", "halfyear", "quarterly", "halfyear"):
        assert run_task(name, life.home, life.ledger), life.ledger.last_task(name)
        life.at += DAY
    made = [
        email.message_from_bytes(each.message.mime, policy=default)
        for each in life.ledger.deliveries()
        if each.message.kind == "draft"
    ]
    assert [(str(mail["To"]), str(mail["Subject"])) for mail in made] == [
        ("office@example.cn", "【巡检】2026年第四季度检查通报（草稿）"),
        ("office@example.cn", "【巡检】2026年下半年考核得分（草稿）"),
    ]
    names = [[part.get_filename() for part in mail.walk() if part.get_filename()] for mail in made]
    assert names == [
        [f"2026年{title}（草稿）{kind}" for kind in (".docx", ".xlsx")]
        for title in ("第四季度检查通报", "下半年考核得分")
    ]


def test_a_ping_that_is_not_heard_is_a_warning(
    life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    settings = life.home.settings()
    with serving({"/ping/1": page("OK")}) as server:
        for path in ("/ping/1", "/ping/2"):
            service = settings.service.model_copy(update={"ping": f"{server.url}{path}"})
            tasks.ping(settings.model_copy(update={"service": service}))
    tasks.ping(settings.model_copy(update={"service": service}))
    tasks.ping(settings)
    assert [path for path, _ in server.seen] == ["/ping/1", "/ping/2"]
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


def test_doctor_says_whether_the_service_runs_and_what_last_succeeded(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.doctor.service.now", lambda: life.at)
    settings = life.home.settings()

    def said() -> list[tuple[str, bool, str]]:
        return [(each.name, each.ok, each.note) for each in service(settings, life.ledger)]

    never = "xunjian serve 没有运行过：巡检、发信和报告须由人启动"
    assert said() == [("服务", True, never)]
    life.ledger.begin_task("service", life.at)
    ran(life, "cycle", None, monkeypatch)
    with alone(life.ledger, "service"):
        (running, done) = said()
    assert running == ("服务", True, "正在运行")
    assert done[:2] == ("计划任务", True)
    assert done[2].startswith("最近一次成功：每日巡检 09-21 09:00，周报 尚无，")
    life.at += 27 * HOUR
    (stopped, silent) = said()
    advice = "请启动，如 systemctl start xunjian（分开部署的为 xunjian-scheduler）"
    assert stopped == ("服务", False, f"没有在运行：{advice}")
    assert silent[:2] == ("计划任务", False)
    assert silent[2].startswith("每日巡检已超过26小时没有成功；最近一次成功：每日巡检 09-21 09:00")
