"""`xunjian people`: who may use the pages, as the operator enters them at the machine itself."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.home import Home
from app.web.entry import EntryError, come_in, digest
from storage.clock import now
from tests.app.run import Ran, called
from tests.app.web.visiting import one_hash

GOOD = "correct horse battery"
REGISTER = '[[unit]]\nid = "jyj"\nname = "示例教育局"\nkind = "department"\n'


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    tmp_path.joinpath("inventory.toml").write_text(REGISTER, encoding="utf-8")
    assert called("inventory", "load", home=tmp_path).code == 0
    return Home(tmp_path)


@pytest.fixture
def people(home: Home, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Call `xunjian people …`; what is typed comes by standard input."""

    def call(*words: str, typed: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return called("people", *words, home=home.folder)

    return call


def test_the_first_operator_is_made_at_the_machine_and_comes_in(home: Home, people) -> None:  # type: ignore[no-untyped-def]
    ran = people("add", "wang", "--name", "示例甲", "--role", "operator", typed=GOOD + "\n")
    assert (ran.code, ran.out, ran.err) == (0, "", "已开通：wang（示例甲）。\n")
    ledger = home.open_ledger()
    assert come_in(ledger, "wang", GOOD, "10.0.0.8", now()).visitor.person.role == "operator"
    (row,) = ledger.audited()
    assert (row.login, row.address, row.action, row.object) == (
        "cli", "本机", "people.add", "person:wang",
    )  # fmt: skip
    assert (row.note or "").startswith("operator；系统用户 ")
    ledger.close()


@pytest.mark.sqlite("refused before anything is written")
def test_whoever_cannot_be_entered_is_refused_with_every_reason(home: Home, people) -> None:  # type: ignore[no-untyped-def]
    ran = people("add", "a b", "--name", " ", "--role", "boss", typed="short\n")
    assert ran.code == 2
    assert ran.err.splitlines() == [
        "登录名：'a b'，应为 1 至 64 个文字、数字或 . @ _ -，且不能是 cli",
        "姓名：不能为空，至多 64 个字符",
        "角色：boss，应为 viewer（责任单位）、clerk（经办人）、reviewer（审核人）、"
        "leader（分管领导）、operator（运维人员） 之一",
        "密码至少 10 个字符。",
    ]
    cases = {
        ("cli", "clerk", ""): "登录名：'cli'，应为 1 至 64 个文字、数字或 . @ _ -，且不能是 cli",
        ("li", "viewer", "nn"): "单位：nn，责任单位须选登记册中的单位",
        ("li", "viewer", ""): "单位：未选，责任单位须选登记册中的单位",
        ("li", "clerk", "jyj"): "单位：只有责任单位须选单位，其他角色请不选",
    }
    for (login, role, unit), words in cases.items():
        given = ("--name", "示例", "--role", role, "--unit", unit)
        ran = people("add", login, *given, typed=GOOD)
        assert (ran.code, ran.err.splitlines()) == (2, [words])
    front = people("add", "li", "--name", "示例", "--role", "clerk", "--front")
    assert front.err == "密码：未设置统一登录（[web] login_header），必须有密码\n"
    ledger = home.open_ledger()
    assert (ledger.people(), ledger.audited()) == ([], [])
    ledger.close()


def test_the_list_is_json_without_anything_that_lets_in(home: Home, people) -> None:  # type: ignore[no-untyped-def]
    ledger = home.open_ledger()
    ledger.add_person("jyj", "示例乙", "viewer", "jyj", one_hash(), now())
    ran = people("list", "--format", "json")
    assert ran.json == {
        "people": [
            {"login": "jyj", "name": "示例乙", "role": "viewer", "unit": "jyj", "password": True,
             "ended_at": None}
        ]
    }  # fmt: skip
    assert "argon2" not in ran.out
    ledger.close()


def test_the_last_operator_stays_and_two_of_one_name_do_not(home: Home, people) -> None:  # type: ignore[no-untyped-def]
    ledger = home.open_ledger()
    ledger.add_person("wang", "示例甲", "operator", None, one_hash(), now())
    last = "wang 是此角色的最后一人，请先另设一人，再停用或改任。\n"
    for words in (("end", "wang"), ("role", "wang", "--role", "clerk")):
        ran = people(*words)
        assert (ran.code, ran.err) == (2, last)
    person = ledger.person("wang")
    assert person is not None
    assert (person.role, person.ended_at, ledger.audited()) == ("operator", None, [])
    namesake = people("add", "wang2", "--name", "示例甲", "--role", "clerk", typed=GOOD)
    assert namesake.err == "姓名：已有使用中的 示例甲，考核签署以姓名区分，请加以区别\n"
    ledger.add_person("li", "示例丙", "operator", None, one_hash(), now())
    assert people("end", "wang").code == 0
    assert people("end", "wang").err == "wang 已停用，不能再改。\n"
    assert people("end", "li").err == last.replace("wang", "li")
    assert people("role", "nobody", "--role", "clerk").err == "没有登录名 nobody。\n"
    ledger.close()


def test_a_new_password_is_the_only_one(home: Home, people) -> None:  # type: ignore[no-untyped-def]
    ledger = home.open_ledger()
    ledger.add_person("wang", "示例甲", "clerk", None, one_hash(), now())
    assert people("password", "wang", typed="x" * 20).err == (
        "密码过于简单，请使用四种以上不同的字符。\n"
    )
    assert people("password", "wang", typed="a better battery\n").code == 0
    assert come_in(ledger, "wang", "a better battery", "10.0.0.8", now())
    with pytest.raises(EntryError):
        come_in(ledger, "wang", GOOD, "10.0.0.8", now())
    assert [(row.action, row.object) for row in ledger.audited()] == [
        ("people.password", "person:wang")
    ]
    ledger.close()


def test_a_key_is_shown_once_and_ends_by_its_number(home: Home, people) -> None:  # type: ignore[no-untyped-def]
    ledger = home.open_ledger()
    ledger.add_person("wang", "示例甲", "clerk", None, one_hash(), now())
    ran = people("token", "wang", "--label", "报表程序")
    secret = ran.out.strip()
    held = ledger.bearer(digest(secret))
    assert held is not None
    assert (held.login, ran.err) == ("wang", "密钥 1 已发放，只显示这一次：\n")
    listed = people("token", "--format", "json")
    assert [(each["id"], each["label"]) for each in listed.json["tokens"]] == [(1, "报表程序")]
    assert people("token", "--end", "1").code == 0
    assert ledger.bearer(digest(secret)) is None
    again = people("token", "--end", "1")
    assert (again.code, again.err) == (2, "没有可停用的密钥 1。\n")
    assert people("token", "wang").err == "用途：不能为空，至多 64 个字符\n"
    kept = " ".join(f"{row.action} {row.object} {row.note}" for row in ledger.audited())
    assert "people.token person:wang 报表程序" in kept
    assert secret not in kept + listed.out
    ledger.close()
