"""What becomes of queued messages: files where there is no server, waits, dead letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notify import outbox as outbox_module
from notify.outbox import Delivered, Folder, Pending, deliver, file_name, next_try, pending
from notify.settings import MailSection
from notify.smtp import Fate, NotSentError
from storage.ledger import Delivery, Ledger, Message

NOW = datetime(2026, 11, 22, 23, 30, 5, tzinfo=UTC)
NO_SERVER = MailSection()
SERVER = MailSection(host="mail.example.gov.cn")


def clock(at: datetime = NOW) -> Callable[[], datetime]:
    return lambda: at


def queue(ledger: Ledger, *recipients: str) -> None:
    with ledger.writing() as session:
        for number, recipient in enumerate(recipients):
            identity = f"<{number:032x}@example.gov.cn>"
            message = Message(identity, "alert", recipient, f"第{number}封", b"Subject: x\r\n\r\n")
            assert ledger.queue(session, message, NOW)


class FakeServer:
    """A server that answers as told, one fate a send; `None` accepts. Afterwards it accepts."""

    def __init__(self, *answers: Fate | None) -> None:
        self.answers = list(answers)
        self.sent: list[str] = []
        self.closed = 0

    def __call__(self, *_settings: object) -> FakeServer:
        return self

    def send(self, message: Message) -> None:
        fate = self.answers.pop(0) if self.answers else None
        if fate is not None:
            raise NotSentError(fate, f"答复 {fate}")
        self.sent.append(message.recipient)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    fake = FakeServer()
    monkeypatch.setattr(outbox_module, "Server", fake)
    return fake


def send(ledger: Ledger, at: datetime = NOW, *, force: bool = False) -> Delivered:
    return deliver(ledger, SERVER, None, Path("unused"), clock(at), force=force)


def test_without_a_server_messages_become_files_named_after_time_and_recipient(
    ledger: Ledger, tmp_path: Path
) -> None:
    queue(ledger, "a@example.cn", "../../b c/@example.cn")
    folder = tmp_path / "outbox"
    assert deliver(ledger, NO_SERVER, None, folder, clock()) == Delivered(2, 0, 0, 0)
    assert sorted(path.name for path in folder.iterdir()) == [
        "20261123-073005-alert-.._.._b_c_@example.cn-00000000.eml",
        "20261123-073005-alert-a@example.cn-00000000.eml",
    ]
    assert {path.read_bytes() for path in folder.iterdir()} == {b"Subject: x\r\n\r\n"}
    assert deliver(ledger, NO_SERVER, None, folder, clock()) == Delivered(0, 0, 0, 0)


def test_a_crash_between_file_and_mark_repeats_into_the_same_file(
    ledger: Ledger, tmp_path: Path
) -> None:
    queue(ledger, "a@example.cn")
    claimed = ledger.claim(NOW)
    assert claimed is not None
    Folder(tmp_path / "outbox").carry(claimed)
    assert deliver(ledger, NO_SERVER, None, tmp_path / "outbox", clock()).left == 1
    after = clock(NOW + timedelta(minutes=11))
    assert deliver(ledger, NO_SERVER, None, tmp_path / "outbox", after) == Delivered(1, 0, 0, 0)
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == [file_name(claimed)]


def test_a_folder_that_cannot_be_written_keeps_every_message_and_says_so(
    ledger: Ledger, tmp_path: Path
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    taken = tmp_path / "outbox"
    taken.write_text("a file, not a folder")
    result = deliver(ledger, NO_SERVER, None, taken, clock())
    assert (result.sent, result.failed, result.dead, result.left) == (0, 1, 0, 2)
    (error,) = result.errors
    assert error.startswith(f"邮件未能写入 {taken}（File exists）。请检查磁盘空间和目录权限")
    taken.unlink()
    assert deliver(ledger, NO_SERVER, None, taken, clock()) == Delivered(2, 0, 0, 0)


def test_every_due_message_is_sent_in_order_over_one_connection(
    ledger: Ledger, server: FakeServer
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn", "c@example.cn")
    assert send(ledger) == Delivered(3, 0, 0, 0)
    assert server.sent == ["a@example.cn", "b@example.cn", "c@example.cn"]
    assert server.closed == 1
    assert send(ledger) == Delivered(0, 0, 0, 0)


def test_a_refused_message_is_kept_as_a_dead_letter_and_the_others_leave(
    ledger: Ledger, server: FakeServer
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    server.answers = [Fate.NEVER]
    assert send(ledger) == Delivered(1, 0, 1, 0, ("发往 a@example.cn 的《第0封》：答复 never。",))
    assert pending(ledger) == [Pending("a@example.cn", "第0封", "dead", 1, "答复 never")]
    assert send(ledger, NOW + timedelta(days=1), force=True) == Delivered(0, 0, 0, 0)


@pytest.mark.parametrize("force", [False, True])
def test_a_postponed_message_holds_up_no_other_and_is_tried_once_a_batch(
    ledger: Ledger, server: FakeServer, force: bool
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn", "c@example.cn")
    server.answers = [Fate.LATER, None, Fate.LATER]
    result = send(ledger, force=force)
    assert (result.sent, result.failed, result.dead, result.left) == (1, 2, 0, 2)
    assert server.sent == ["b@example.cn"]
    assert [(row.recipient, row.state, row.attempts) for row in pending(ledger)] == [
        ("a@example.cn", "queued", 1),
        ("c@example.cn", "queued", 1),
    ]
    assert send(ledger) == Delivered(0, 0, 0, 2)
    assert send(ledger, force=True) == Delivered(2, 0, 0, 0)


def test_a_server_that_is_down_ends_the_batch_and_loses_nothing_for_a_month(
    ledger: Ledger, server: FakeServer
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    server.answers = [Fate.DOWN] * 30
    for day in range(30):
        result = send(ledger, NOW + timedelta(days=day))
        assert (result.sent, result.failed, result.dead, result.left) == (0, 1, 0, 2)
        assert result.errors == ("答复 down。",)
    assert send(ledger, NOW + timedelta(days=30)) == Delivered(2, 0, 0, 0)


def test_a_batch_ended_by_the_settings_can_be_repeated_at_once(
    ledger: Ledger, server: FakeServer
) -> None:
    queue(ledger, "a@example.cn", "b@example.cn")
    server.answers = [Fate.SETTINGS]
    assert send(ledger) == Delivered(0, 1, 0, 2, ("答复 settings。",))
    assert send(ledger) == Delivered(2, 0, 0, 0)


@pytest.mark.parametrize(("days", "dead"), [(5, 0), (13, 0), (14, 1)])
def test_a_message_postponed_for_two_weeks_becomes_a_dead_letter(
    ledger: Ledger, server: FakeServer, days: int, dead: int
) -> None:
    queue(ledger, "a@example.cn")
    server.answers = [Fate.LATER]
    result = send(ledger, NOW + timedelta(days=days))
    assert (result.sent, result.failed, result.dead, result.left) == (0, 1 - dead, dead, 1 - dead)


def test_a_fault_of_ours_leaves_the_message_claimed_and_the_connection_closed(
    ledger: Ledger, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_message: Message) -> None:
        raise ZeroDivisionError

    queue(ledger, "a@example.cn")
    monkeypatch.setattr(server, "send", broken)
    with pytest.raises(ZeroDivisionError):
        send(ledger)
    assert server.closed == 1
    monkeypatch.undo()
    monkeypatch.setattr(outbox_module, "Server", server)
    assert send(ledger, NOW + timedelta(minutes=11)) == Delivered(1, 0, 0, 0)


def delivery(attempts: int, identity: str = "<x@y>") -> Delivery:
    message = Message(identity, "alert", "a@example.cn", "s", b"")
    return Delivery(1, message, NOW, "queued", attempts, NOW, None, None)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 2), (2, 4), (5, 32), (8, 256), (9, 360), (10, 360), (999, 360)]
)
def test_waits_double_up_to_six_hours_and_spread_by_a_quarter(attempts: int, minutes: int) -> None:
    waits = {next_try(delivery(attempts, f"<{n}@y>"), NOW) - NOW for n in range(200)}
    assert timedelta(minutes=minutes * 0.75) <= min(waits)
    assert max(waits) <= timedelta(minutes=minutes)
    assert len(waits) > 50
    assert next_try(delivery(attempts), NOW) == next_try(delivery(attempts), NOW)
