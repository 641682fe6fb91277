"""`deliver --again`, `deliver --test`, and dead letters in doctor, as a person uses them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.doctor import examine
from app.home import Home
from storage.clock import now
from storage.ledger import Message
from tests.app.run import called
from tests.notify.test_robots import Group, group  # noqa: F401 - a fixture
from tests.notify.test_smtp import HOST, Inbox, free_port, serving

pytestmark = pytest.mark.usefixtures("database")


def home_with(tmp_path: Path, mail: str = "", chat: str = "") -> Home:
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    home.path("settings.toml").write_text(f"[mail]\n{mail}\n[chat]\n{chat}\n", encoding="utf-8")
    home.open_ledger().close()
    return home


def dead(home: Home) -> None:
    ledger = home.open_ledger()
    with ledger.writing() as session:
        mime = b"Subject: x\r\n\r\n"
        message = Message("<1@x>", "alert", "a@example.cn", "【巡检】1项临期", mime)
        ledger.queue(session, message, now() - timedelta(days=1))
    delivery = ledger.claim(now())
    assert delivery is not None
    ledger.mark_failed(delivery, "邮件服务器拒收（550 no such user）", None)
    ledger.close()


def test_doctor_lists_dead_letters_and_the_command_that_puts_them_back(tmp_path: Path) -> None:
    home = home_with(tmp_path)
    dead(home)
    (check,) = (check for check in examine(home) if check.name == "投递")
    assert not check.ok
    assert check.note == (
        "已发 0，待发 0，无法投递 1："
        "a@example.cn　《【巡检】1项临期》：邮件服务器拒收（550 no such user）；"
        "改正后运行 xunjian deliver --again 重新发送"
    )
    ran = called("deliver", "--again", home=home.folder)
    assert (ran.code, "无法投递的消息 1 条重新列入待发。" in ran.err) == (0, True)
    assert len(list(home.path("outbox").glob("*.eml"))) == 1
    (check,) = (check for check in examine(home) if check.name == "投递")
    assert (check.ok, check.note) == (True, "已发 1，待发 0，无法投递 0")


def test_a_test_message_goes_to_every_channel_and_none_through_the_outbox(
    tmp_path: Path,
    group: Group,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inbox, port = Inbox(), free_port()
    home = home_with(
        tmp_path,
        f'host = "{HOST}"\nport = {port}\nsecurity = "none"\n'
        'office = ["office@example.cn"]\noperator = ["operator@example.cn"]',
        f'robots = ["wecom"]\nwecom_url = "{group.url}"',
    )
    monkeypatch.setenv("XUNJIAN_CHAT_WECOM_KEY", "tok-1")
    with serving(inbox, port):
        good = called("deliver", "--test", home=home.folder)
        group.answers = [(200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}')]
        refused = called("deliver", "--test", home=home.folder)
    assert (good.code, good.err.split("\n")[:3]) == (
        0,
        [
            "邮件 office@example.cn：已接收",
            "邮件 operator@example.cn：已接收",
            "企业微信机器人：已接收",
        ],
    )
    assert refused.code == 4
    assert "企业微信机器人：企业微信机器人拒收（93000 invalid webhook url）" in refused.err
    assert [to for to, _ in inbox.arrived] == ["office@example.cn", "operator@example.cn"] * 2
    ledger = home.open_ledger()
    assert ledger.deliveries() == []
    ledger.close()


def test_a_test_without_any_channel_is_a_matter_of_configuration(tmp_path: Path) -> None:
    assert called("deliver", "--test", home=home_with(tmp_path).folder).code == 2


def test_doctor_names_the_variable_of_a_robot_that_lacks_its_token(tmp_path: Path) -> None:
    home = home_with(tmp_path, chat='robots = ["dingtalk"]')
    (check,) = (check for check in examine(home) if check.name == "群机器人")
    assert (check.ok, check.note) == (False, "钉钉；缺少环境变量：XUNJIAN_CHAT_DINGTALK_TOKEN")
