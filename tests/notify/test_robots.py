"""Group robots on real loopback connections: what they receive, and how their refusals count."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from notify import robots as robots_module
from notify.brief import compose_brief
from notify.news import OFFICE, Line, Topic
from notify.outbox import Delivered, deliver, pending
from notify.robots import MOST_BYTES, NAMES, Robot, configured, cut
from notify.settings import ChatSection, MailSection
from storage.ledger import Ledger, Message

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GOOD = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success", "data": {}},
}


class Group(ThreadingHTTPServer):
    """A stand-in for a robot: keeps what it is asked, answers what it was told to, then `good`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.good: dict[str, Any] = GOOD["wecom"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/send"


class Answering(BaseHTTPRequestHandler):
    server: Group

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        good = (200, json.dumps(self.server.good).encode())
        status, answer = self.server.answers.pop(0) if self.server.answers else good
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_given: object) -> None:
        """The test's output is not the place."""


@pytest.fixture
def group() -> Iterator[Group]:
    with Group() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def queue(ledger: Ledger, recipient: str, text: str = "【巡检】1个栏目超期") -> None:
    number = len(ledger.deliveries())
    with ledger.writing() as session:
        channel = "mail" if "@" in recipient else recipient
        identity = f"<{number:032x}@chat>"
        message = Message(identity, "alert", recipient, "第1条", text.encode(), channel)
        assert ledger.queue(session, message, NOW)


def send(ledger: Ledger, *robots: Robot, at: datetime = NOW, force: bool = False) -> Delivered:
    folder = ledger.evidence.folder.parent / "outbox"
    return deliver(ledger, MailSection(), None, folder, lambda: at, robots=robots, force=force)


def test_a_robot_of_each_platform_receives_its_own_form_signed(
    ledger: Ledger, group: Group
) -> None:
    assert set(NAMES) == set(MOST_BYTES)
    for name in NAMES:
        queue(ledger, name, f"{name}：一")
        group.good = GOOD[name]
        secret = "" if name == "wecom" else "SECabc"
        assert send(ledger, Robot(name, group.url, "tok-1", secret)) == Delivered(
            1, 0, 0, ledger.delivery_counts().get("queued", 0)
        )
    (wecom, w), (dingtalk, d), (feishu, f) = group.asked
    assert (wecom, w) == ("/send?key=tok-1", {"msgtype": "text", "text": {"content": "wecom：一"}})
    assert d == {"msgtype": "text", "text": {"content": "dingtalk：一"}}
    # HMAC-SHA256 as the platforms publish it, computed apart with openssl.
    assert parse_qs(urlsplit(dingtalk).query) == {
        "access_token": ["tok-1"],
        "timestamp": ["1795399200000"],
        "sign": [DINGTALK_SIGN],
    }
    assert feishu == "/send/tok-1"
    assert f == {
        "msg_type": "text",
        "content": {"text": "feishu：一"},
        "timestamp": "1795399200",
        "sign": FEISHU_SIGN,
    }


DINGTALK_SIGN = "FmN28uYy0Rl2UqTYBs6i6Z5U76UdzQN3VRPHncFxpno="
FEISHU_SIGN = "zdnyYC5xtenS5o1+fkqxyGcuFzoUNwLq0Si0dIsIbbY="


@pytest.mark.parametrize(
    ("name", "status", "answer", "told"),
    [
        ("wecom", 200, {"errcode": 93000, "errmsg": "invalid webhook url tok-1"}, "拒收（93000 "),
        ("dingtalk", 200, {"errcode": 310000, "errmsg": "sign not match"}, "拒收（310000 "),
        ("feishu", 200, {"code": 19021, "msg": "sign match fail"}, "拒收（19021 "),
        ("wecom", 404, {}, "拒收（HTTP 404）"),
        ("wecom", 302, {}, "拒收（HTTP 302）"),
    ],
)
def test_a_refusal_in_a_200_answer_is_no_success_and_waits_for_a_person(
    ledger: Ledger, group: Group, name: str, status: int, answer: dict[str, Any], told: str
) -> None:
    queue(ledger, name)
    queue(ledger, name)
    robot = Robot(name, group.url, "tok-1")
    group.answers = [(status, json.dumps(answer).encode())]
    group.good = GOOD[name]
    result = send(ledger, robot)
    assert (result.sent, result.failed, result.dead, result.left) == (0, 1, 0, 2)
    assert f"{NAMES[name]}机器人{told}" in result.errors[0]
    assert "tok-1" not in result.errors[0]
    assert send(ledger, robot) == Delivered(2, 0, 0, 0)
    assert len(group.asked) == 3


@pytest.mark.parametrize(
    ("name", "status", "answer", "told"),
    [
        ("wecom", 200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}', "45009"),
        ("dingtalk", 200, b'{"errcode": 410100, "errmsg": "send too fast"}', "410100"),
        ("feishu", 200, b'{"code": 11232, "msg": "frequency limited"}', "11232"),
        ("wecom", 429, b"", "HTTP 429"),
        ("wecom", 503, b"", "HTTP 503"),
        ("wecom", 200, b"<html>login</html>", "答复无法识别"),
        ("wecom", 200, b'["no code"]', "答复无法识别"),
        ("feishu", 200, b'{"code": 1, "msg": "?"}', "暂不接收（1 ?）"),
    ],
)
def test_a_passing_refusal_waits_with_the_same_back_off_as_mail(
    ledger: Ledger, group: Group, name: str, status: int, answer: bytes, told: str
) -> None:
    queue(ledger, name)
    group.answers, group.good = [(status, answer)], GOOD[name]
    robot = Robot(name, group.url, "tok-1")
    result = send(ledger, robot)
    assert (result.sent, result.failed, result.dead) == (0, 1, 0)
    assert told in result.errors[0]
    assert send(ledger, robot, at=NOW + timedelta(seconds=60)).sent == 0
    assert send(ledger, robot, at=NOW + timedelta(minutes=2)) == Delivered(1, 0, 0, 0)


def test_a_robot_that_cannot_be_reached_or_says_nothing_holds_up_neither_mail_nor_robots(
    ledger: Ledger, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots_module, "TIMEOUT_SECONDS", 0.2)
    for recipient in ("wecom", "dingtalk", "feishu", "a@example.cn"):
        queue(ledger, recipient)
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        quiet, closed = silent.getsockname()[1], unused.getsockname()[1]
        result = send(
            ledger,
            Robot("wecom", f"http://127.0.0.1:{quiet}/", "tok-1"),
            Robot("feishu", f"http://127.0.0.1:{closed}", "tok-1"),
            Robot("dingtalk", group.url, "tok-1"),
        )
    assert (result.sent, result.failed, result.left) == (2, 2, 2)
    assert [row.recipient for row in pending(ledger)] == ["wecom", "feishu"]
    assert all("无法连接" in error and "tok-1" not in error for error in result.errors)


def test_messages_for_a_robot_no_longer_set_are_dead_letters_and_reach_no_mail_server(
    ledger: Ledger, group: Group
) -> None:
    queue(ledger, "wecom")
    queue(ledger, "dingtalk")
    result = send(ledger, Robot("dingtalk", group.url, "tok-1"), force=True)
    assert result == Delivered(1, 0, 0, 0)
    (dead,) = ledger.deliveries("dead")
    assert dead.message.recipient == "wecom"
    assert dead.last_error == "该群机器人已从设置 [chat] robots 中移除"


def test_tokens_come_from_the_environment_and_are_not_shown() -> None:
    given = {
        "XUNJIAN_CHAT_WECOM_KEY": " key-1 ",
        "XUNJIAN_CHAT_DINGTALK_TOKEN": "tok-2",
        "XUNJIAN_CHAT_DINGTALK_SECRET": "SEC2",
    }
    made = configured(ChatSection(robots=("wecom", "dingtalk")), given)
    assert [(r.name, r.token, r.secret) for r in made] == [
        ("wecom", "key-1", ""),
        ("dingtalk", "tok-2", "SEC2"),
    ]
    assert not [word for word in ("key-1", "tok-2", "SEC2") if word in repr(made)]
    assert configured(ChatSection(), given) == ()


def test_a_robot_without_its_token_keeps_its_messages(ledger: Ledger) -> None:
    queue(ledger, "feishu")
    (robot,) = configured(ChatSection(robots=("feishu",)), {})
    result = send(ledger, robot)
    assert (result.failed, result.dead, result.left) == (1, 0, 1)
    words = "未提供飞书机器人的密钥。请设置环境变量 XUNJIAN_CHAT_FEISHU_TOKEN；消息已保留。"
    assert result.errors == (words,)


def test_a_crash_between_sending_and_marking_repeats_the_message_under_its_number(
    ledger: Ledger, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(ledger, "wecom", "一\n消息编号：12345678")

    def crash(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "mark_sent", crash)
        with pytest.raises(KeyboardInterrupt):
            send(ledger, Robot("wecom", group.url, "tok-1"))
    later = NOW + timedelta(minutes=11)
    assert send(ledger, Robot("wecom", group.url, "tok-1"), at=later).sent == 1
    first, second = (body["text"]["content"] for _, body in group.asked)
    assert first == second == "一\n消息编号：12345678"


def line(number: int, **more: Any) -> Line:
    given: dict[str, Any] = {
        "key": f"k{number}",
        "topic": Topic.COLUMN_OVERDUE,
        "audiences": frozenset({OFFICE}),
        "thing": f"column:{number}",
        "what": "栏目",
        "name": f"栏目{number}",
        "headline": "超期未更新",
        "reason": "示例",
        "link": "https://www.example.gov.cn/a",
        "unit": "示例局",
    }
    return Line(**(given | more))


def test_the_brief_counts_shows_the_first_lines_and_names_the_message() -> None:
    made = compose_brief("wecom", [line(n) for n in range(12)], ["k"], NOW)
    rows = made.mime.decode().split("\n")
    assert rows[0] == "【巡检】2026年11月23日：12个栏目超期。"
    assert rows[1] == "1. 栏目“栏目0”（示例局）：超期未更新 https://www.example.gov.cn/a"
    assert rows[11:] == ["另有2条，详见邮件。", f"消息编号：{made.message_id[1:9]}"]
    assert len(rows) == 13
    assert compose_brief("wecom", [line(1)], ["k"], NOW).message_id == made.message_id


def test_titles_become_no_format_no_mention_and_no_link() -> None:
    name = '[点](http://x.example)<at user_id="all">*@所有人'
    made = compose_brief("feishu", [line(1, name=name, link="javascript:alert(1)")], ["k"], NOW)
    row = made.mime.decode().split("\n")[1]
    assert not set("<>[]@*`") & set(row)
    assert "javascript" not in row


def test_a_letter_is_told_without_its_number_and_address() -> None:
    letter = line(1, what="来信", name="市长信箱 2026-001", topic=Topic.LETTER_OVERDUE)
    row = compose_brief("wecom", [letter], ["k"], NOW).mime.decode().split("\n")[1]
    assert row == "1. 来信（示例局）：超期未更新"


@pytest.mark.parametrize("most", MOST_BYTES.values())
def test_a_text_too_long_is_cut_at_a_line_with_a_note(most: int) -> None:
    text = "\n".join([*("字" * 30 for _ in range(800)), "消息编号：12345678"])
    made = cut(text, most)
    assert most - 91 <= len(made.encode()) <= most
    *lines, note, last = made.split("\n")
    assert (note, last) == ("（内容过长，其余请见邮件或系统。）", "消息编号：12345678")
    assert set(lines) == {"字" * 30}


def test_a_text_that_fits_stays_as_it_is_and_one_endless_line_is_cut_between_characters() -> None:
    assert cut("一\n二", 7) == "一\n二"
    made = cut("字" * 2000 + "\n完", 2048)
    assert len(made.encode()) <= 2048
    assert made.endswith("字\n（内容过长，其余请见邮件或系统。）\n完")
