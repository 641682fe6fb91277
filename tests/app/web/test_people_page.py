"""Persons in the browser: the operator's work, secrets that are shown once, one's own password."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response

from app.home import Home
from app.web.entry import EntryError, come_in, digest
from app.web.guard import COOKIE
from app.web.rights import Role
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger
from tests.app.web.visiting import PASSWORD, Visit, enter_people, one_hash, rows_of, visiting

REGISTER = '[[unit]]\nid = "jyj"\nname = "示例教育局"\nkind = "department"\n'
NEW = "a better battery"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    opened.load_inventory(read_toml(REGISTER, "synthetic"), now())
    enter_people(opened)
    yield opened
    opened.close()


@pytest.fixture
def operator(home: Home, ledger: Ledger) -> Iterator[Visit]:
    with visiting(home, ledger, "operator") as visit:
        yield visit


def faults(answer: Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    (box,) = re.findall(r'<div class="fault".*?</div>', answer.text, re.S)
    return re.findall(r"<p>(.*?)</p>", box)


def secret_of(answer: Response) -> str:
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.text
    (secret,) = re.findall(r'<code class="secret">(.*?)</code>', answer.text)
    return str(secret)


def comes_in(ledger: Ledger, login: str, password: str) -> bool:
    try:
        return come_in(ledger, login, password, "10.0.0.8", now()).visitor.person.login == login
    except EntryError:
        return False


def audit(ledger: Ledger) -> list[tuple[str, str, str, str | None]]:
    found = reversed(ledger.audited())
    return [(row.login, row.action, row.object, row.note) for row in found]


def is_in(ledger: Ledger, visit: Visit) -> bool:
    return ledger.visitor(digest(visit.client.cookies[COOKIE])) is not None


def test_a_person_is_entered_with_a_password_that_one_page_shows(
    operator: Visit, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        given = {"login": "li", "name": "示例丙", "role": "viewer", "unit": "jyj"}
        secret = secret_of(operator.post("/people", **given))
    assert re.fullmatch(r"([2-9a-hj-km-np-z]{4}-){3}[2-9a-hj-km-np-z]{4}", secret)
    assert comes_in(ledger, "li", secret)
    assert audit(ledger) == [("operator", "people.add", "person:li", "viewer jyj")]
    pages = [str(operator.get(path)) for path in ("/people", "/people/li", "/audit")]
    assert secret not in "".join(pages) + caplog.text
    assert "argon2" not in "".join(pages)
    (row,) = [row for row in rows_of(operator.get("/people")) if row[0] == "li"]
    assert row == ["li", "示例丙", "责任单位", "示例教育局", "密码", "使用中"]


def test_all_faults_are_told_at_once_and_what_was_typed_stays(
    operator: Visit, ledger: Ledger
) -> None:
    answer = operator.post("/people", login="<i>", name="示例clerk", role="viewer", front="1")
    assert faults(answer) == [
        "登录名：&#39;&lt;i&gt;&#39;，应为 1 至 64 个文字、数字或 . @ _ -，且不能是 cli",
        "姓名：已有使用中的 示例clerk，考核签署以姓名区分，请加以区别",
        "单位：未选，责任单位须选登记册中的单位",
        "密码：未设置统一登录（[web] login_header），必须有密码",
    ]
    assert 'value="&lt;i&gt;"' in answer.text
    assert '<option value="viewer" selected>' in answer.text
    assert faults(operator.post("/people", login="clerk", name="又一人", role="clerk")) == [
        "登录名 clerk 已有，停用的登录名也不能重新使用。"
    ]
    assert (len(ledger.people()), audit(ledger)) == (5, [])


def test_whoever_is_changed_must_come_in_anew(home: Home, operator: Visit, ledger: Ledger) -> None:
    changes = {"role": {"role": "leader"}, "password": {}, "end": {"sure": "1"}}
    for change, form in changes.items():
        with visiting(home, ledger, "clerk") as clerk:
            assert is_in(ledger, clerk)
            answer = operator.post(f"/people/clerk/{change}", **form)
            assert answer.status_code in (200, 303), answer.text
            assert not is_in(ledger, clerk), change
    assert "role=leader" not in str(operator.get("/people?done=role"))
    assert "角色已改变，本人须重新登录。" in operator.get("/people/clerk?done=role").get_text()
    person = ledger.person("clerk")
    assert person is not None
    assert (person.role, person.ended_at is None) == ("leader", False)
    assert not comes_in(ledger, "clerk", PASSWORD)
    assert [row[1:] for row in audit(ledger)] == [
        ("people.role", "person:clerk", "leader"),
        ("people.password", "person:clerk", None),
        ("people.end", "person:clerk", None),
    ]
    # What has ended is shown, and nothing is offered for it.
    assert operator.get("/people/clerk").select("main form") == []
    assert faults(operator.post("/people/clerk/password")) == ["clerk 已停用，不能再改。"]


def test_an_end_is_asked_for_once_more(operator: Visit, ledger: Ledger) -> None:
    answer = operator.post("/people/clerk/end")
    assert (answer.status_code, "停用 示例clerk（clerk）？" in answer.text) == (200, True)
    assert "不能恢复" in answer.text
    person = ledger.person("clerk")
    assert person is not None
    assert (person.ended_at, audit(ledger)) == (None, [])


def test_nobody_ends_themselves_and_the_last_operator_stays(
    operator: Visit, ledger: Ledger
) -> None:
    last = "operator 是此角色的最后一人，请先另设一人，再停用或改任。"
    assert faults(operator.post("/people/operator/end", sure="1")) == [
        "不能停用自己，请由另一名运维人员办理。"
    ]
    assert faults(operator.post("/people/operator/role", role="clerk")) == [last]
    ledger.add_person("second", "示例丁", "operator", None, one_hash(), now())
    assert faults(operator.post("/people/operator/end", sure="1")) == [
        "不能停用自己，请由另一名运维人员办理。"
    ]
    assert operator.post("/people/second/end", sure="1").status_code == 303
    assert faults(operator.post("/people/operator/role", role="clerk")) == [last]
    assert [row[1:3] for row in audit(ledger)] == [("people.end", "person:second")]
    assert is_in(ledger, operator)


def test_a_key_is_shown_once_is_its_persons_and_ends(operator: Visit, ledger: Ledger) -> None:
    assert faults(operator.post("/people/clerk/tokens", label=" ")) == [
        "用途：不能为空，至多 64 个字符"
    ]
    secret = secret_of(operator.post("/people/clerk/tokens", label="报表程序"))
    held = ledger.bearer(digest(secret))
    assert held is not None
    assert held.login == "clerk"
    pages = [str(operator.get(path)) for path in ("/people", "/people/clerk", "/audit")]
    assert secret not in "".join(pages)
    assert digest(secret) not in "".join(pages)
    assert operator.post("/people/viewer/tokens/1/end").status_code == 404
    assert operator.post("/people/clerk/tokens/x/end").status_code == 404
    ended = operator.post("/people/clerk/tokens/1/end")
    assert (ended.status_code, ended.headers["location"]) == (303, "/people/clerk?done=token")
    assert ledger.bearer(digest(secret)) is None
    assert faults(operator.post("/people/clerk/tokens/1/end")) == ["没有可停用的密钥 1。"]
    assert audit(ledger) == [
        ("operator", "people.token", "person:clerk", "报表程序"),
        ("operator", "people.token_end", "person:clerk", "1"),
    ]


def test_only_the_operator_sees_persons_and_an_unknown_login_is_no_page(
    home: Home, operator: Visit, ledger: Ledger
) -> None:
    assert operator.status("/people/nobody") == 404
    assert operator.post("/people/nobody/end", sure="1").status_code == 404
    with visiting(home, ledger, Role.LEADER) as leader:
        assert leader.status("/people") == 403
        assert leader.post("/people/clerk/password").status_code == 403


def test_where_the_front_makes_sure_a_person_needs_no_password(home: Home, ledger: Ledger) -> None:
    settings = '[web]\nlogin_header = "X-User"\ntrusted_proxies = ["10.0.0.1"]\n'
    home.path("settings.toml").write_text(settings, encoding="utf-8")
    with visiting(home, ledger, "operator") as operator:
        given = {"login": "li", "name": "示例丙", "role": "clerk", "front": "1"}
        answer = operator.post("/people", **given)
        assert (answer.status_code, "没有密码，由统一登录进入" in answer.text) == (200, True)
    assert not comes_in(ledger, "li", "")
    with visiting(home, ledger, "li") as visit:
        assert "您由统一登录进入，在本系统没有密码。" in visit.get("/password").get_text()


def test_everybody_changes_their_own_password_by_the_old_one(home: Home, ledger: Ledger) -> None:
    with visiting(home, ledger, "viewer") as elsewhere, visiting(home, ledger, "viewer") as visit:

        def refused(old: str, new: str, again: str) -> list[str]:
            return faults(visit.post("/password", old=old, new=new, again=again))

        assert refused(PASSWORD, NEW, NEW + "!") == ["两次输入的新密码不一致。"]
        assert refused(PASSWORD, PASSWORD, PASSWORD) == ["新密码与原密码相同。"]
        assert refused("wrong password", NEW, NEW) == ["原密码不正确。"]
        assert refused(PASSWORD, "short", "short") == ["密码至少 10 个字符。"]
        assert (audit(ledger), is_in(ledger, elsewhere)) == ([], True)
        done = visit.post("/password", old=PASSWORD, new=NEW, again=NEW)
        assert (done.status_code, done.headers["location"]) == (303, "/password?done=password")
        # This browser goes on under a new session, any other comes in anew.
        assert (is_in(ledger, visit), is_in(ledger, elsewhere)) == (True, False)
        assert "密码已修改" in visit.get("/password?done=password").get_text()
    assert (comes_in(ledger, "viewer", NEW), comes_in(ledger, "viewer", PASSWORD)) == (True, False)
    assert audit(ledger) == [("viewer", "password", "person:viewer", None)]


def test_guessing_the_old_password_locks_the_login(home: Home, ledger: Ledger) -> None:
    for _ in range(5):
        ledger.note_attempt("viewer", "10.0.0.8", now(), ok=False)
    with visiting(home, ledger, "viewer") as visit:
        answer = visit.post("/password", old=PASSWORD, new=NEW, again=NEW)
        assert faults(answer) == ["登录失败次数过多，请 15 分钟后再试，或与运维人员联系。"]
