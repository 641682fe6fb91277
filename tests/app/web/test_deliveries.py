"""The outbox: how every message stands, its text as text, and a dead one put back by a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from app.web.pages import deliveries
from notify.brief import compose_brief
from notify.mail import headed, sealed
from storage.ledger import Delivery, Message
from tests.app.life import Life
from tests.app.web.office import BY, live, make, number, visited
from tests.app.web.visiting import rows_of

HOSTILE = "<script>alert(1)</script>"
WHY = "550 没有这个地址"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "home")


@pytest.fixture
def life(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    yield from live(made, tmp_path / "home", monkeypatch)


def mail(life: Life, to: str = "wz@example.cn", subject: str = "提醒") -> Message:
    identity = f"<{to}.{len(subject)}>"
    made = headed("xunjian@example.cn", to, subject, "alert", identity, life.at)
    made.set_content(f"正文 {HOSTILE}\n", charset="utf-8", cte="base64")
    made.add_alternative(f"<p>网页部分</p>{HOSTILE}", subtype="html")
    made.add_attachment(b"PK" * 1024, maintype="application", subtype="zip", filename="附件.zip")
    return sealed(made, identity, "alert", to, subject)


def queued(life: Life, message: Message) -> Delivery:
    with life.ledger.writing() as session:
        assert life.ledger.queue(session, message, life.at)
    return life.ledger.deliveries()[-1]


def dead(life: Life, to: str = "wz@example.cn") -> Delivery:
    one = queued(life, mail(life, to))
    claimed = life.ledger.claim(life.at)
    assert claimed is not None
    assert claimed.id == one.id
    life.ledger.mark_failed(claimed, WHY, None)
    return one


def facts(page: BeautifulSoup) -> dict[str, str]:
    heads = [each.get_text() for each in page.select("dl.pairs dt")]
    return dict(zip(heads, (each.get_text() for each in page.select("dl.pairs dd")), strict=True))


def test_every_message_is_listed_with_how_it_stands(life: Life) -> None:
    sent = life.ledger.deliveries()[-1]
    gone = dead(life)
    tried = queued(life, mail(life, "zfb@example.cn", f"【巡检】{HOSTILE}"))
    claimed = life.ledger.claim(life.at)
    assert claimed is not None
    life.ledger.mark_failed(claimed, "连接超时", life.at + timedelta(minutes=5))
    robot = queued(life, compose_brief("wecom", [], ["x"], life.at))
    with visited(life, "operator") as visit:
        page = visit.get("/deliveries")
    assert rows_of(page)[:3] == [
        [str(robot.id), "2026-03-02 10:00", "待发", "提醒", "企业微信机器人",
         robot.message.subject, "0 次", "2026-03-02 10:00", ""],
        [str(tried.id), "2026-03-02 10:00", "待发", "提醒", "zfb@example.cn",
         f"【巡检】{HOSTILE}", "1 次", "2026-03-02 10:05", "连接超时"],
        [str(gone.id), "2026-03-02 10:00", "无法投递", "提醒", "wz@example.cn", "提醒", "1 次",
         "", WHY],
    ]  # fmt: skip
    assert rows_of(page)[3][:3] == [str(sent.id), "2026-03-02 09:00", "已发出"]
    counts = [each.get_text(" ", strip=True) for each in page.select("ul.totals a")]
    assert counts == ["2 待发", f"{sent.id} 已发出", "1 无法投递"]


def test_what_is_chosen_stands_in_the_address_and_pages_are_turned(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "A_PAGE", 1)
    gone, other = dead(life), dead(life, "a%b@example.cn")

    with visited(life) as visit:

        def shown(query: str) -> list[list[str]]:
            return [row[:1] for row in rows_of(visit.get(f"/deliveries?{query}"))]

        assert shown("state=dead") == [[str(other.id)]]
        (older,) = visit.get("/deliveries?state=dead").select('a[href*="before="]')
        assert older["href"] == f"/deliveries?state=dead&before={other.id}"
        assert shown(str(older["href"]).partition("?")[2]) == [[str(gone.id)]]
        assert shown("words=wz@example") == [[str(gone.id)]]
        assert shown("words=a%25b") == [[str(other.id)]]
        nothing = [["没有符合条件的邮件。"]]
        for odd in ("state=x", "kind=x", "words=_____________________", "before=1&words=%00"):
            assert shown(odd) == nothing
        for odd in ("before=x", "before=99999999999999999999", "before=²", "before=-1"):
            assert shown(odd) == [[str(other.id)]]


def test_a_mail_is_shown_as_text_with_what_is_attached(life: Life) -> None:
    one = queued(life, mail(life))
    with visited(life) as visit:
        page = visit.get(f"/deliveries/{one.id}")
    assert page.select_one("pre.mail").get_text() == f"正文 {HOSTILE}\n"  # type: ignore[union-attr]
    assert "网页部分" not in page.get_text()
    assert page.select("iframe") == []
    assert all(str(each.get("src", "")).startswith("/static/") for each in page.select("script"))
    assert [each.get_text() for each in page.select("main li")] == ["附件.zip（2.0 KB）"]
    assert facts(page)["Message-ID"] == one.message.message_id


def test_a_notice_can_be_read_as_it_was_sent(life: Life) -> None:
    dt = str(number(life, "dt"))
    life.done("findings", "confirm", dt, *BY)
    life.done("findings", "notice", dt, *BY)
    with visited(life) as visit:
        page = visit.get(f"/deliveries/{life.ledger.deliveries()[-1].id}")
    assert "特此通知。" in page.get_text()
    (attached,) = page.select("main li")
    assert attached.get_text().startswith("整改通知〔2026〕1号-示例办公室.docx（")


def test_a_text_that_was_given_up_after_its_time_is_said_to_be(life: Life) -> None:
    life.ledger.empty_mails(life.at)
    with visited(life) as visit:
        page = visit.get("/deliveries/1")
    assert "正文已按保留期限删除" in page.get_text()
    assert page.select("pre") == []


def test_a_robots_message_is_its_own_text(life: Life) -> None:
    one = queued(life, compose_brief("wecom", [], ["x"], life.at))
    with visited(life) as visit:
        page = visit.get(f"/deliveries/{one.id}")
    body = page.select_one("pre.mail")
    assert body is not None
    assert body.get_text() == one.message.mime.decode()
    assert facts(page)["收件人"] == "企业微信机器人"


def test_a_dead_letter_is_put_back_by_a_person_once(life: Life) -> None:
    one, other = dead(life), dead(life, "b@example.cn")
    path = f"/deliveries/{one.id}/again"
    with visited(life) as visit:
        (form,) = visit.get(f"/deliveries/{one.id}").select("main form")
        assert form["action"] == path
        answer = visit.post(path)
        assert answer.status_code == 303
        page = visit.get(answer.headers["location"])
        assert [each.get_text() for each in page.select('[role="status"] p')] == [
            "已重新列入待发。"
        ]
        assert page.select("main form") == []
        again = visit.post(path)
        assert again.status_code == 422
        assert "现为“待发”，只有无法投递的可以再次发送。没有作任何改动。" in again.text
    states = {each.id: (each.state, each.attempts) for each in life.ledger.deliveries()}
    assert (states[one.id], states[other.id]) == (("queued", 0), ("dead", 1))
    audit = [(each.login, each.action, each.object) for each in life.ledger.audited()]
    assert audit == [("clerk", "delivery.again", str(one.id))]


def test_who_may_not_send_is_offered_nothing_and_a_unit_sees_no_mail(life: Life) -> None:
    one = dead(life)
    with visited(life, "leader") as visit:
        assert visit.get(f"/deliveries/{one.id}").select("main form") == []
        assert visit.post(f"/deliveries/{one.id}/again").status_code == 403
    with visited(life, "viewer") as visit:
        for path in ("/deliveries", f"/deliveries/{one.id}"):
            assert visit.status(path) == 403
        assert visit.post(f"/deliveries/{one.id}/again").status_code == 403
    assert life.ledger.deliveries("dead")[0].id == one.id
    assert life.ledger.audited() == []


def test_an_unknown_number_is_not_there(life: Life) -> None:
    with visited(life) as visit:
        for number in ("999", "x", "99999999999999999999"):
            assert visit.status(f"/deliveries/{number}") == 404
        assert visit.post("/deliveries/99999999999999999999/again").status_code == 404
