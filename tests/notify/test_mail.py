"""How a message is built, and what the [mail] section takes."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from pydantic import ValidationError

from notify.digest import Content
from notify.mail import compose, compose_test_mail, message_id
from notify.settings import MailSection
from storage.cells import is_address

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
MAIL = MailSection(sender="xunjian@example.gov.cn")
CONTENT = Content("【巡检】1项临期", "正文\n第二行", "<p>正文</p>")


def parsed(mime: bytes) -> EmailMessage:
    message = email.message_from_bytes(mime, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_message_has_both_parts_and_all_its_headers() -> None:
    message = compose(MAIL, "a@example.cn", "alert", ["k2", "k1"], CONTENT, NOW)
    mime = parsed(message.mime)
    assert {name: str(value) for name, value in mime.items()} == {
        "From": "巡检 <xunjian@example.gov.cn>",
        "To": "a@example.cn",
        "Subject": "【巡检】1项临期",
        "Date": "Mon, 23 Nov 2026 07:30:00 +0800",
        "Message-ID": message.message_id,
        "X-Xunjian-Kind": "alert",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="=_{message.message_id[1:25]}"',
    }
    assert [part.get_content() for part in mime.iter_parts()] == [
        "正文\r\n第二行\r\n",
        "<p>正文</p>\r\n",
    ]


def test_the_bytes_are_plain_ascii_with_network_line_ends() -> None:
    mime = compose(MAIL, "a@example.cn", "alert", ["k"], CONTENT, NOW).mime
    assert mime.isascii()
    assert mime.count(b"\n") == mime.count(b"\r\n") > 10
    assert max(map(len, mime.split(b"\r\n"))) <= 78


def test_the_message_id_depends_on_recipient_and_facts_and_not_on_their_order() -> None:
    one = message_id("a@example.cn", ["k1", "k2"], "example.gov.cn")
    assert one == message_id("a@example.cn", ["k2", "k1"], "example.gov.cn")
    assert one == "<8010c35572c219a66c1ed4219943760b@example.gov.cn>"
    others = {
        message_id("b@example.cn", ["k1", "k2"], "example.gov.cn"),
        message_id("a@example.cn", ["k1"], "example.gov.cn"),
    }
    assert len(others | {one}) == 3


def test_line_breaks_in_subject_or_recipient_add_no_header() -> None:
    content = Content("【巡检】甲\r\nBcc: evil@example.com", "正文", "<p>正文</p>")
    message = compose(MAIL, "a@example.cn\r\nCc: evil@example.com", "alert", ["k"], content, NOW)
    mime = parsed(message.mime)
    assert (mime["Bcc"], mime["Cc"]) == (None, None)
    assert mime["Subject"] == message.subject == "【巡检】甲 Bcc: evil@example.com"


def test_a_test_mail_says_that_it_is_one_and_is_new_each_time() -> None:
    first = compose_test_mail(MAIL, "a@example.cn", NOW)
    second = compose_test_mail(MAIL, "a@example.cn", NOW.replace(minute=31))
    assert (first.kind, first.subject) == ("test", "【巡检】测试邮件")
    assert "发出时间：2026-11-23 07:30" in parsed(first.mime).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert first.message_id != second.message_id


@pytest.mark.parametrize(
    ("given", "port"),
    [
        ({}, 587),
        ({"security": "ssl"}, 465),
        ({"security": "none"}, 25),
        ({"security": "ssl", "port": 2465}, 2465),
    ],
)
def test_the_port_follows_the_security_unless_it_is_set(given: dict[str, Any], port: int) -> None:
    assert MailSection(**given).service_port == port


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "x"},
        {"security": "tls"},
        {"port": 0},
        {"unit_alerts": "some"},
        {"office": ["not an address"]},
        {"operator": ["a@example.cn", "张三@example.cn"]},
        {"sender": "巡检 <a@example.cn>"},
    ],
)
def test_settings_that_cannot_be_used_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MailSection(**wrong)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("xunjian@localhost", True),
        ("a.b+c@x-y.gov.cn", True),
        ("a@b@c.cn", False),
        ("a..b@c.cn", False),
        ("a@c.cn\r\nRSET", False),
        ("a@c.cn\n", False),
        ("<a@c.cn>", False),
        ("张三@c.cn", False),
        ("", False),
    ],
)
def test_an_address_is_one_plain_ascii_address(text: str, good: bool) -> None:
    assert is_address(text) is good
