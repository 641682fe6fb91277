"""The outbox: each message is taken by one sender at a time, and none is lost."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from storage.ledger import Delivery, Ledger, Message
from storage.ledger.deliveries import CLAIM
from tests.storage.make import DAY, HOUR, MORNING, message, open_ledger, queue

INSTANT = timedelta(microseconds=1)


def claim(ledger: Ledger, at: timedelta = timedelta(), *, force: bool = False) -> Delivery:
    taken = ledger.claim(MORNING + at, force=force)
    assert taken is not None
    return taken


def states(ledger: Ledger) -> list[str]:
    return [delivery.state for delivery in ledger.deliveries()]


def test_a_message_is_kept_byte_for_byte(ledger: Ledger) -> None:
    sent = Message("<x@y>", "alert", "a@b.cn", "提醒", bytes(range(256)) * 9)
    assert queue(ledger, sent) == [True]
    (delivery,) = ledger.deliveries()
    assert delivery.message == sent
    assert (delivery.created_at, delivery.state, delivery.attempts) == (MORNING, "queued", 0)
    assert delivery.next_try_at == MORNING


def test_one_message_id_is_queued_once(ledger: Ledger) -> None:
    assert queue(ledger, message("a"), message("b"), message("a")) == [True, True, False]
    assert queue(ledger, message("a"), now=MORNING + DAY) == [False]
    ledger.mark_sent(claim(ledger), MORNING)
    assert queue(ledger, message("a"), now=MORNING + DAY) == [False]
    assert ledger.delivery_counts() == {"queued": 1, "sent": 1}


def test_a_message_queued_in_a_failed_transaction_was_never_queued(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.writing() as session:
        ledger.queue(session, message("a"), MORNING + DAY / 0)
    assert ledger.deliveries() == []
    assert queue(ledger, message("a")) == [True]


def test_messages_are_taken_in_order_and_only_once(ledger: Ledger) -> None:
    queue(ledger, message("a"), message("b"))
    assert claim(ledger).message == message("a")
    assert claim(ledger).message == message("b")
    assert ledger.claim(MORNING) is None
    assert ledger.claim(MORNING, force=True) is None
    assert [delivery.attempts for delivery in ledger.deliveries()] == [1, 1]


def test_nothing_is_taken_from_an_empty_outbox(ledger: Ledger) -> None:
    assert ledger.claim(MORNING) is None


def test_two_ledgers_and_eight_threads_never_take_the_same_message(
    ledger: Ledger, tmp_path: Path
) -> None:
    other = open_ledger(tmp_path)
    names = [f"m{n}" for n in range(60)]
    queue(ledger, *map(message, names))
    start = threading.Barrier(8)
    taken: list[str] = []

    def work(mine: Ledger) -> None:
        start.wait()
        while delivery := mine.claim(MORNING):
            taken.append(delivery.message.message_id)
            mine.mark_sent(delivery, MORNING)

    threads = [threading.Thread(target=work, args=((ledger, other)[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(message(name).message_id for name in names)
    assert ledger.delivery_counts() == {"sent": 60}
    other.close()


def test_a_claim_nobody_marked_comes_back_when_it_lapses(ledger: Ledger) -> None:
    queue(ledger, message("a"))
    first = claim(ledger)
    assert ledger.claim(MORNING + CLAIM - INSTANT) is None
    again = claim(ledger, CLAIM)
    assert (again.id, again.attempts) == (first.id, 2)
    assert again.message == first.message
    assert ledger.claim(MORNING + CLAIM) is None


def test_a_sent_message_is_never_taken_again(ledger: Ledger) -> None:
    queue(ledger, message("a"))
    ledger.mark_sent(claim(ledger), MORNING + HOUR)
    (delivery,) = ledger.deliveries("sent")
    assert (delivery.sent_at, delivery.last_error) == (MORNING + HOUR, None)
    assert ledger.claim(MORNING + 99 * DAY, force=True) is None


def test_a_failed_message_waits_for_its_next_try(ledger: Ledger) -> None:
    queue(ledger, message("a"), message("b"))
    ledger.mark_failed(claim(ledger), "服务器忙", MORNING + CLAIM / 2)
    assert claim(ledger).message == message("b")
    assert ledger.claim(MORNING + CLAIM / 2 - INSTANT) is None
    (waiting, _) = ledger.deliveries("queued")
    assert (waiting.last_error, waiting.next_try_at) == ("服务器忙", MORNING + CLAIM / 2)
    again = claim(ledger, CLAIM / 2)
    assert (again.message, again.attempts) == (message("a"), 2)
    ledger.mark_sent(again, MORNING + CLAIM / 2)
    assert ledger.deliveries("sent")[0].last_error is None


def test_force_does_not_wait_for_the_next_try_but_respects_a_claim(ledger: Ledger) -> None:
    queue(ledger, message("a"))
    ledger.mark_failed(claim(ledger), "服务器忙", MORNING + DAY)
    assert claim(ledger, force=True).attempts == 2
    assert ledger.claim(MORNING, force=True) is None


def test_a_dead_letter_is_kept_and_never_taken_again(ledger: Ledger) -> None:
    queue(ledger, message("a"))
    ledger.mark_failed(claim(ledger), "地址不存在", None)
    assert ledger.claim(MORNING + 99 * DAY, force=True) is None
    (dead,) = ledger.deliveries("dead")
    assert (dead.message, dead.last_error) == (message("a"), "地址不存在")
    assert ledger.delivery_counts() == {"dead": 1}


def test_who_was_too_slow_cannot_free_a_message_that_somebody_else_is_sending(
    ledger: Ledger,
) -> None:
    queue(ledger, message("a"))
    slow = claim(ledger)
    quick = claim(ledger, CLAIM)
    ledger.mark_failed(slow, "超时", MORNING)
    assert ledger.claim(MORNING + CLAIM) is None
    ledger.mark_failed(slow, "超时", None)
    assert states(ledger) == ["queued"]
    ledger.mark_sent(quick, MORNING + CLAIM)
    ledger.mark_failed(slow, "超时", None)
    ledger.mark_failed(quick, "超时", MORNING)
    assert states(ledger) == ["sent"]
    assert ledger.claim(MORNING + DAY, force=True) is None


def test_who_was_slow_but_did_send_it_has_sent_it(ledger: Ledger) -> None:
    queue(ledger, message("a"))
    slow = claim(ledger)
    quick = claim(ledger, CLAIM)
    ledger.mark_sent(slow, MORNING + CLAIM)
    ledger.mark_failed(quick, "重复", MORNING)
    assert states(ledger) == ["sent"]
    assert ledger.claim(MORNING + DAY, force=True) is None


def test_the_outbox_outlives_the_program(ledger: Ledger, tmp_path: Path) -> None:
    queue(ledger, message("a"), message("b"))
    claim(ledger)
    ledger.close()
    again = open_ledger(tmp_path)
    assert claim(again).message == message("b")
    assert claim(again, CLAIM).message == message("a")
    again.close()


def test_the_only_deliverer_frees_what_a_process_that_is_gone_had_claimed(ledger: Ledger) -> None:
    queue(ledger, message("sent"), message("claimed"), message("waits"))
    ledger.mark_sent(claim(ledger), MORNING)
    claim(ledger)
    assert ledger.release_claims(MORNING) == 1
    assert ledger.release_claims(MORNING) == 0
    assert claim(ledger).message == message("claimed")
    assert claim(ledger).message == message("waits")
    assert ledger.claim(MORNING, force=True) is None
    assert ledger.delivery_counts() == {"queued": 2, "sent": 1}


def test_words_are_found_however_they_are_written(ledger: Ledger) -> None:
    queue(ledger, message("one", "Office@example.cn"), message("two", "b@example.cn"))
    for words in ("office@EXAMPLE", "OFFICE"):
        assert [each.recipient for each in ledger.mailed(words=words)] == ["Office@example.cn"]
