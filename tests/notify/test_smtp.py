"""Messages on real loopback connections: encryption, login, refusals, a server that is away."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notify.digest import Content
from notify.mail import compose
from notify.outbox import Delivered, deliver, pending
from notify.settings import MailSection
from notify.smtp import Fate, NotSentError, try_login
from storage.ledger import Ledger

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
HOST = "127.0.0.1"


@dataclass
class Inbox:
    """What arrived, and what to answer first: lines such as `451 later`, by command."""

    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    mail: list[str] = field(default_factory=list)
    drop: int = 0
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.mail:
            return self.mail.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.drop:
            self.drop -= 1
            server.transport.abort()
            return "250 never heard"
        if self.data:
            return self.data.pop(0)
        (recipient,) = envelope.rcpt_tos
        self.arrived.append((recipient, envelope.content))
        self.encrypted.append(session.ssl is not None)
        self.connections.add(session.peer[1])
        return "250 OK"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


@contextmanager
def serving(inbox: Inbox, port: int, **options: Any) -> Iterator[None]:
    controller = Controller(inbox, hostname=HOST, port=port, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for the loopback address: the server's side and the client's."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(public, private)
    return Certificate(server, ssl.create_default_context(cafile=str(public)))


def settings(port: int, **more: Any) -> MailSection:
    given = {"host": HOST, "port": port, "security": "none", "sender": "xunjian@example.cn"}
    return MailSection(**(given | more))


def queue(ledger: Ledger, *recipients: str) -> None:
    with ledger.writing() as session:
        for recipient in recipients:
            content = Content("【巡检】1项临期", "正文", "<p>正文</p>")
            mail = MailSection(sender="xunjian@example.cn")
            message = compose(mail, recipient, "alert", ["k"], content, NOW)
            assert ledger.queue(session, message, NOW)


def send(
    ledger: Ledger,
    mail: MailSection,
    password: str | None = None,
    context: ssl.SSLContext | None = None,
    at: datetime = NOW,
) -> Delivered:
    return deliver(ledger, mail, password, Path("unused"), lambda: at, context=context)


def counts(result: Delivered) -> tuple[int, int, int, int]:
    return result.sent, result.failed, result.dead, result.left


def only_error(result: Delivered) -> str:
    (error,) = result.errors
    return error


def test_a_batch_arrives_byte_for_byte_over_one_connection(ledger: Ledger) -> None:
    queue(ledger, "a@example.cn", "b@example.cn", "c@example.cn")
    inbox, port = Inbox(), free_port()
    with serving(inbox, port):
        assert send(ledger, settings(port)) == Delivered(3, 0, 0, 0)
    stored = [(d.message.recipient, d.message.mime) for d in ledger.deliveries("sent")]
    assert inbox.arrived == stored
    assert len(stored) == 3
    assert len(inbox.connections) == 1


def test_starttls_is_used_with_a_verified_certificate(
    ledger: Ledger, certificate: Certificate
) -> None:
    queue(ledger, "a@example.cn")
    inbox, port = Inbox(), free_port()
    mail = settings(port, security="starttls")
    with serving(inbox, port, tls_context=certificate.server, require_starttls=True):
        assert send(ledger, mail, context=certificate.client) == Delivered(1, 0, 0, 0)
    assert inbox.encrypted == [True]


def test_starttls_with_a_certificate_nobody_vouches_for_sends_nothing(
    ledger: Ledger, certificate: Certificate
) -> None:
    queue(ledger, "a@example.cn")
    inbox, port = Inbox(), free_port()
    mail = settings(port, security="starttls")
    with serving(inbox, port, tls_context=certificate.server):
        result = send(ledger, mail)
        assert counts(result) == (0, 1, 0, 1)
        assert f"邮件服务器 {HOST}:{port} 的证书未通过验证" in only_error(result)
        assert inbox.arrived == []
        assert counts(send(ledger, mail, context=certificate.client)) == (1, 0, 0, 0)


def test_starttls_that_is_not_offered_is_never_done_without(ledger: Ledger) -> None:
    queue(ledger, "a@example.cn")
    inbox, port = Inbox(), free_port()
    with serving(inbox, port):
        result = send(ledger, settings(port, security="starttls"))
    assert counts(result) == (0, 1, 0, 1)
    assert f"邮件服务器 {HOST}:{port} 不支持 STARTTLS 加密" in only_error(result)
    assert inbox.arrived == []


def test_ssl_from_the_first_byte(ledger: Ledger, certificate: Certificate) -> None:
    queue(ledger, "a@example.cn")
    inbox, port = Inbox(), free_port()
    mail = settings(port, security="ssl")
    with serving(inbox, port, ssl_context=certificate.server):
        assert counts(send(ledger, mail)) == (0, 1, 0, 1)
        assert send(ledger, mail, context=certificate.client) == Delivered(1, 0, 0, 0)
    assert [recipient for recipient, _ in inbox.arrived] == ["a@example.cn"]


def knows(password: bytes) -> Callable[..., AuthResult]:
    def check(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        good = (given.login, given.password) == (b"xunjian", password)
        return AuthResult(success=good, handled=False)

    return check


def test_login_is_accepted_with_the_right_password_and_refused_with_another(
    ledger: Ledger, certificate: Certificate
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(), free_port()
    mail = settings(port, security="starttls", username="xunjian")
    options = {"tls_context": certificate.server, "auth_required": True}
    with serving(inbox, port, authenticator=knows(b"right"), **options):
        refused = send(ledger, mail, "wrong", certificate.client)
        assert counts(refused) == (0, 1, 0, 2)
        assert f"邮件服务器 {HOST}:{port} 拒绝用户 xunjian 登录（535 " in only_error(refused)
        assert "XUNJIAN_MAIL_PASSWORD；邮件已保留，改正后再发。" in only_error(refused)
        assert "wrong" not in only_error(refused)
        missing = send(ledger, mail, None, certificate.client)
        assert only_error(missing).startswith("未提供邮箱 xunjian 的密码。")
        chinese = send(ledger, mail, "密码", certificate.client)
        assert "只接受英文字符的用户名和密码" in only_error(chinese)
        assert [row.state for row in pending(ledger)] == ["queued", "queued"]
        assert send(ledger, mail, "right", certificate.client) == Delivered(2, 0, 0, 0)
    assert len(inbox.arrived) == 2


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_wants_a_login_we_do_not_have_loses_nothing(ledger: Ledger) -> None:
    queue(ledger, "a@example.cn")
    inbox, port = Inbox(), free_port()
    options = {"auth_required": True, "auth_require_tls": False}
    with serving(inbox, port, authenticator=knows(b"right"), **options):
        result = send(ledger, settings(port))
    assert counts(result) == (0, 1, 0, 1)
    assert "拒绝发件人 xunjian@example.cn（530 " in only_error(result)


def test_a_server_without_login_is_named_as_such(ledger: Ledger) -> None:
    queue(ledger, "a@example.cn")
    inbox, port = Inbox(), free_port()
    with serving(inbox, port):
        result = send(ledger, settings(port, username="xunjian"), "x")
    assert counts(result) == (0, 1, 0, 1)
    assert "不支持登录" in only_error(result)


@pytest.mark.parametrize("command", ["rcpt", "data", "mail"])
def test_a_passing_refusal_waits_and_then_succeeds(ledger: Ledger, command: str) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(), free_port()
    setattr(inbox, command, ["451 4.7.1 try again later"])
    with serving(inbox, port):
        first = send(ledger, settings(port))
        assert counts(first) == (1, 1, 0, 1)
        assert only_error(first) == (
            "发往 a@example.cn 的《【巡检】1项临期》："
            "邮件服务器暂不接收（451 4.7.1 try again later），稍后自动重试。"
        )
        assert counts(send(ledger, settings(port))) == (0, 0, 0, 1)
        later = NOW + timedelta(minutes=2)
        assert send(ledger, settings(port), at=later) == Delivered(1, 0, 0, 0)
    assert [recipient for recipient, _ in inbox.arrived] == ["b@example.cn", "a@example.cn"]


@pytest.mark.parametrize("command", ["rcpt", "data"])
def test_a_permanent_refusal_is_a_dead_letter_and_the_next_leaves(
    ledger: Ledger, command: str
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(), free_port()
    setattr(inbox, command, ["550 5.1.1 no such user"])
    with serving(inbox, port):
        result = send(ledger, settings(port))
    assert counts(result) == (1, 0, 1, 0)
    assert only_error(result) == (
        "发往 a@example.cn 的《【巡检】1项临期》："
        "邮件服务器拒收（550 5.1.1 no such user）。请核对收件地址；邮件已保留，不再重试。"
    )
    (dead,) = pending(ledger)
    assert (dead.recipient, dead.state) == ("a@example.cn", "dead")


@pytest.mark.parametrize("answer", ["530 5.7.0 login first", "554 5.7.1 Relay access denied"])
def test_a_server_that_does_not_relay_for_us_kills_no_message(ledger: Ledger, answer: str) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(rcpt=[answer]), free_port()
    with serving(inbox, port):
        result = send(ledger, settings(port))
    assert counts(result) == (1, 1, 0, 1)
    assert "邮件服务器不予转发" in only_error(result)


def test_a_refused_sender_is_a_matter_of_settings(ledger: Ledger) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(mail=["553 5.7.1 not your address"]), free_port()
    with serving(inbox, port):
        result = send(ledger, settings(port))
        assert counts(result) == (0, 1, 0, 2)
        assert "拒绝发件人 xunjian@example.cn（553 " in only_error(result)
        assert send(ledger, settings(port)) == Delivered(2, 0, 0, 0)


def test_a_lost_connection_is_dialled_again(ledger: Ledger) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(drop=1), free_port()
    with serving(inbox, port):
        assert send(ledger, settings(port)) == Delivered(2, 0, 0, 0)
    assert [recipient for recipient, _ in inbox.arrived] == ["a@example.cn", "b@example.cn"]


def test_a_message_at_which_the_server_hangs_up_holds_up_no_other(ledger: Ledger) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(drop=2), free_port()
    with serving(inbox, port):
        result = send(ledger, settings(port))
    assert counts(result) == (1, 1, 0, 1)
    assert f"与邮件服务器 {HOST}:{port} 的连接中断" in only_error(result)
    assert [recipient for recipient, _ in inbox.arrived] == ["b@example.cn"]


def test_a_server_that_is_away_loses_nothing(ledger: Ledger) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(), free_port()
    result = send(ledger, settings(port))
    assert counts(result) == (0, 1, 0, 2)
    assert only_error(result).startswith(f"无法连接邮件服务器 {HOST}:{port}（")
    with serving(inbox, port):
        back = NOW + timedelta(days=1)
        assert send(ledger, settings(port), at=back) == Delivered(2, 0, 0, 0)


def test_an_address_no_server_could_take_never_reaches_one(ledger: Ledger) -> None:
    queue(ledger, "张三@example.cn", "b@example.cn")
    inbox, port = Inbox(), free_port()
    with serving(inbox, port):
        result = send(ledger, settings(port))
    assert counts(result) == (1, 0, 1, 0)
    assert "收件地址格式有误" in only_error(result)
    assert [recipient for recipient, _ in inbox.arrived] == ["b@example.cn"]


@pytest.mark.parametrize(
    ("command", "answer", "told"),
    [
        ("rcpt", "450 4.2.0 greylisted", "邮件服务器暂不接收"),
        ("rcpt", "451 4.7.1 greylisting in action", "邮件服务器暂不接收"),
        ("rcpt", "450 4.2.1 mailbox unavailable", "邮件服务器暂不接收"),
        ("rcpt", "452 4.2.2 mailbox full", "邮件服务器暂不接收"),
        ("rcpt", "552 5.2.2 user over quota", "收件信箱已满"),
        ("data", "552 5.2.2 mailbox is full", "收件信箱已满"),
        ("data", "452 4.3.1 insufficient storage", "邮件服务器暂不接收"),
        ("mail", "452 4.3.1 insufficient storage", "邮件服务器暂不接收"),
        ("mail", "421 4.3.2 shutting down", "邮件服务器暂不接收"),
        ("rcpt", "421 4.3.2 shutting down", "邮件服务器暂不接收"),
        ("data", "421 4.3.2 shutting down", "邮件服务器暂不接收"),
    ],
)
def test_what_passes_by_itself_is_tried_again_and_the_next_leaves(
    ledger: Ledger, command: str, answer: str, told: str
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(), free_port()
    setattr(inbox, command, [answer])
    with serving(inbox, port):
        first = send(ledger, settings(port))
        assert counts(first) == (1, 1, 0, 1)
        assert f"{told}（{answer}）" in only_error(first)
        assert send(ledger, settings(port), at=NOW + timedelta(minutes=2)).sent == 1


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("rcpt", "550 5.1.1 mailbox unavailable"),
        ("rcpt", "551 5.1.6 user not local"),
        ("rcpt", "553 5.1.3 mailbox name not allowed"),
        ("data", "552 5.3.4 message too big"),
        ("mail", "552 5.3.4 message too big"),
        ("data", "554 5.7.1 rejected as spam"),
    ],
)
def test_what_will_never_be_taken_is_a_dead_letter(
    ledger: Ledger, command: str, answer: str
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    inbox, port = Inbox(), free_port()
    setattr(inbox, command, [answer])
    with serving(inbox, port):
        result = send(ledger, settings(port))
    assert counts(result) == (1, 0, 1, 0)
    assert f"邮件服务器拒收（{answer}）" in only_error(result)


def test_ssl_with_a_server_that_speaks_none_loses_nothing(ledger: Ledger) -> None:
    queue(ledger, "a@example.cn")
    inbox, port = Inbox(), free_port()
    with serving(inbox, port):
        result = send(ledger, settings(port, security="ssl"))
    assert counts(result) == (0, 1, 0, 1)
    assert only_error(result).startswith(f"无法连接邮件服务器 {HOST}:{port}（")


def why_not(mail: MailSection, password: str | None = None, **more: Any) -> tuple[Fate, str]:
    with pytest.raises(NotSentError) as caught:
        try_login(mail, password, **more)
    return caught.value.fate, str(caught.value)


def test_a_login_can_be_tried_without_sending_anything(certificate: Certificate) -> None:
    inbox, port = Inbox(), free_port()
    mail = settings(port, security="starttls", username="xunjian")
    options = {"tls_context": certificate.server, "auth_required": True}
    with serving(inbox, port, authenticator=knows(b"right"), **options):
        try_login(mail, "right", certificate.client)
        fate, words = why_not(mail, "wrong", context=certificate.client)
        assert (fate, "拒绝用户 xunjian 登录（535 " in words) == (Fate.SETTINGS, True)
        fate, words = why_not(mail, "right")
        assert (fate, "的证书未通过验证" in words) == (Fate.SETTINGS, True)
    fate, words = why_not(mail, "right", context=certificate.client)
    assert (fate, words.startswith(f"无法连接邮件服务器 {HOST}:{port}（")) == (Fate.DOWN, True)
    assert inbox.arrived == []
