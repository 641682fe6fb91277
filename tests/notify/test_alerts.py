"""What is told, to whom, in which words: from judged facts to the mails in the outbox."""

from __future__ import annotations

import email
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from checks.calendar import load_calendar
from checks.facts import History, Letter, LetterState, Outcome, Visit
from checks.freshness import SHANGHAI, Moment
from checks.judge import Bench, Facts, judge
from checks.lifecycle import Event, EventKind, Finding, Key, advance
from checks.rules import pack_texts, read_law
from checks.subjects import Subject, SubjectKind
from checks.verdicts import Verdict
from notify import alerts
from notify.alerts import is_confirmed, lines
from notify.digest import compose_digest
from notify.news import OFFICE, OPERATOR, Contact, News, Topic
from notify.queue import Queued, queue_alerts
from notify.settings import MailSection, UnitAlerts
from notify.words import clean, web_link
from storage.ledger import Happening, Ledger, Versions
from tests.both import address

LAW = read_law(pack_texts(["haian"]), load_calendar())
VERSIONS = Versions({r.name: r.version for p in LAW.packs for r in p.rules}, LAW.calendar.version)
TODAY = date(2026, 11, 20)
BLOCKED = Outcome.BLOCKED
UNITS = {
    "gov": Contact("市政府办公室", ("gov@example.gov.cn",)),
    "edu": Contact("市教育局", ("edu@example.gov.cn",)),
}
MAIL = MailSection(
    sender="xunjian@example.gov.cn",
    office=("office@example.gov.cn",),
    operator=("operator@example.gov.cn",),
)
SITE = Subject(SubjectKind.SITE, "s1", "市政府网站", "gov", "s1", "https://www.example.gov.cn/")


def at(day: date) -> datetime:
    return datetime.combine(day, time(8, 30), SHANGHAI)


def column(name: str, id_: str = "", **more: str) -> Subject:
    """A news column (14 days) of the site, named and numbered alike unless told otherwise."""
    row = Subject(
        SubjectKind.COLUMN,
        id_ or name,
        name,
        "edu",
        "s1",
        f"https://www.example.gov.cn/{id_ or 'lm'}/",
        "news",
        watched_since=TODAY,
    )
    return replace(row, **more)  # type: ignore[arg-type]


def account(name: str) -> Subject:
    return Subject(SubjectKind.ACCOUNT, name, name, "gov", watched_since=TODAY)


def mailbox(name: str) -> Subject:
    url = "https://www.example.gov.cn/xx/"
    return Subject(SubjectKind.MAILBOX, "m1", name, "edu", "s1", url, watched_since=TODAY)


def seen(subject: Subject, age: int | None = 0, outcome: Outcome = Outcome.OK) -> History:
    """Seen well this morning, its newest item `age` days old."""
    newest = None if age is None else TODAY - timedelta(days=age)
    visit = Visit(1, subject.key, at(TODAY), outcome, newest)
    return History(visit, visit)


def unseen(subject: Subject, outcome: Outcome, age: int = 30) -> History:
    """Not seen this morning; yesterday, when it was, its newest item was `age` days old."""
    newest = TODAY - timedelta(days=age)
    good = Visit(1, subject.key, at(TODAY - timedelta(days=1)), Outcome.OK, newest)
    return History(Visit(2, subject.key, at(TODAY), outcome), good)


def judged(
    histories: Mapping[Subject, History],
    letters: Mapping[str, Sequence[LetterState]] | None = None,
    as_of: date = TODAY,
) -> Bench:
    facts = Facts(tuple(histories), {s.key: h for s, h in histories.items()}, letters or {})
    return judge(LAW, facts, Moment(as_of))


def news(bench: Bench, happenings: Sequence[Happening] = ()) -> News:
    subjects = {row.subject.key: row.subject for row in bench.rows} | {SITE.key: SITE}
    return News(bench, happenings, UNITS, subjects, LAW)


def run(ledger: Ledger, bench: Bench, mail: MailSection = MAIL) -> tuple[Queued, News]:
    """One cycle after the crawl: advance the findings and queue the digests."""
    now = at(bench.moment.as_of)
    with ledger.writing() as session:
        steps = advance(ledger.latest_findings(session), bench.faults, bench.cleared, now)
        told = news(bench, ledger.write_steps(session, steps, VERSIONS, now))
        return queue_alerts(ledger, session, told, mail, now), told


def again(ledger: Ledger, told: News, mail: MailSection = MAIL) -> Queued:
    with ledger.writing() as session:
        return queue_alerts(ledger, session, told, mail, at(told.as_of))


def mails(ledger: Ledger) -> dict[str, list[EmailMessage]]:
    found: dict[str, list[EmailMessage]] = {}
    for delivery in ledger.deliveries():
        parsed = email.message_from_bytes(delivery.message.mime, policy=default)
        assert isinstance(parsed, EmailMessage)
        found.setdefault(delivery.message.recipient, []).append(parsed)
    return found


def the_mail(ledger: Ledger, recipient: str) -> EmailMessage:
    (only,) = mails(ledger)[recipient]
    return only


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def mixed_run(ledger: Ledger) -> Queued:
    """Three columns late by 12, 5 and 1 days, a column and an account near, one recovered."""
    before = TODAY - timedelta(days=5)
    notice = column("通知公告")
    old = Visit(1, notice.key, at(before), Outcome.OK, before - timedelta(days=20))
    run(ledger, judged({notice: History(old, old)}, as_of=before))
    today = {
        column("工作动态"): 19,
        column("政务动态"): 26,
        column("部门动态"): 15,
        column("镇街动态"): 12,
        account("海滨发布"): 14,
        notice: 1,
    }
    return run(ledger, judged({s: seen(s, age) for s, age in today.items()}))[0]


def test_the_subject_says_the_worst_first_and_the_body_agrees_in_every_count(
    ledger: Ledger,
) -> None:
    assert mixed_run(ledger).mails == 3  # the office, and a warning to each of two units
    mail = mails(ledger)["office@example.gov.cn"][1]
    summary = "3个栏目超期（最久超期12天：政务动态）；2项临期；1项恢复"
    assert mail["Subject"] == f"【巡检】{summary}"
    text, html = part(mail, "plain"), part(mail, "html")
    assert text.startswith(f"截至2026年11月20日，巡检情况如下：\n{summary}。\n")
    heads = ["一、3个栏目超期（最久超期12天：政务动态）", "二、2项临期", "三、1项恢复"]
    assert [line for line in text.splitlines() if line[1:2] == "、"] == heads
    assert [html.count(f">{head}</h2>") for head in heads] == [1, 1, 1]
    assert text.count("   事项：") == html.count("<div>事项：") == 6
    # The account stands before the column: its rule is a veto.
    order = ["政务动态", "工作动态", "部门动态", "海滨发布", "镇街动态", "通知公告"]
    assert sorted(order, key=lambda name: text.index(f"“{name}”")) == order


def test_a_line_says_what_since_when_by_which_clause_and_what_to_do(ledger: Ledger) -> None:
    run(ledger, judged({(late := column("政务动态", "c7")): seen(late, 26)}))
    text = part(the_mail(ledger, "office@example.gov.cn"), "plain")
    entry = text[text.index("1. 栏目") : text.index("————")].strip()
    assert entry == (
        "1. 栏目“政务动态”【新发现】【系统发现，待核实】\n"
        "   责任单位：市教育局\n"
        "   所属网站：市政府网站\n"
        "   事项：动态新闻类栏目超过两周未更新\n"
        "   情况：最近更新2026-10-25，时限14天，最后期限2026-11-08，已超期12天\n"
        "   发现日期：2026-11-20\n"
        "   条款：2020年度政府信息公开工作年度报告：动态新闻类栏目更新不超过2周\n"
        "   整改建议：请在本栏目发布新的动态信息；确无内容的，请向办公室申请合并或下线该栏目。\n"
        "   页面：https://www.example.gov.cn/c7/\n"
        "   问题编号：1"
    )


def test_the_same_news_a_second_time_queues_nothing(ledger: Ledger) -> None:
    histories = {(late := column("甲")): seen(late, 26), (near := column("乙")): seen(near, 12)}
    first, told = run(ledger, judged(histories | {(shut := column("丙")): unseen(shut, BLOCKED)}))
    assert first.mails == 3
    assert again(ledger, told) == Queued(0)
    assert len(ledger.deliveries()) == 3


def test_a_rolled_back_transaction_tells_nobody_and_the_next_one_tells_all(ledger: Ledger) -> None:
    told = news(judged({(near := column("乙")): seen(near, 12)}))

    def fail_after_queueing() -> None:
        with ledger.writing() as session:
            assert queue_alerts(ledger, session, told, MAIL, at(TODAY)).mails == 2
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail_after_queueing()
    assert ledger.deliveries() == []
    assert again(ledger, told).mails == 2


@pytest.mark.usefixtures("database")
def test_the_same_facts_give_the_same_message_id_and_bytes(tmp_path: Path) -> None:
    bench = judged({(late := column("甲")): seen(late, 26), (near := column("乙")): seen(near, 12)})
    written = []
    for name in ("a", "b"):
        ledger = Ledger.open(address(tmp_path / name), tmp_path / "evidence")
        run(ledger, bench)
        written.append([d.message for d in ledger.deliveries()])
        ledger.close()
    assert written[0] == written[1]
    assert len({message.message_id for message in written[0]}) == 2


@pytest.mark.parametrize("unit_alerts", ["none", "confirmed", "all"])
@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if not outcome.seen])
def test_an_unseen_page_is_told_to_the_operator_and_never_to_the_unit(
    ledger: Ledger, outcome: Outcome, unit_alerts: UnitAlerts
) -> None:
    shut, fine = column("政务动态"), column("工作动态")
    mail = MAIL.model_copy(update={"unit_alerts": unit_alerts})
    run(ledger, judged({shut: unseen(shut, outcome), fine: seen(fine, 1)}), mail)
    assert set(mails(ledger)) == {"operator@example.gov.cn"}
    sent = the_mail(ledger, "operator@example.gov.cn")
    assert sent["Subject"] == "【巡检】1个对象未能查看"
    assert "未能查看的页面不作判定，不计为任何单位的问题。" in part(sent, "plain")
    assert "处理建议：" in part(sent, "plain")


def test_each_way_of_not_seeing_has_its_own_advice() -> None:
    advice = {}
    for outcome in Outcome:
        if not outcome.seen:
            shut, fine = column("甲"), column("乙")
            bench = judged({shut: unseen(shut, outcome), fine: seen(fine)})
            (line,) = lines(news(bench), "all")
            assert line.key == f"unseen:column:甲:{at(TODAY - timedelta(days=1)).isoformat()}"
            advice[outcome] = line.remedy
    assert "白名单" in advice[Outcome.BLOCKED]
    assert "更新网址" in advice[Outcome.GONE]
    assert len(set(advice.values())) == len(advice) == 7


def test_a_page_never_seen_well_has_never_in_its_key() -> None:
    shut, fine = column("甲"), column("乙")
    never = History(Visit(1, shut.key, at(TODAY), Outcome.GONE), None)
    (line,) = lines(news(judged({shut: never, fine: seen(fine)})), "all")
    assert (line.key, line.reason) == ("unseen:column:甲:never", "从未正常查看")


def test_a_page_that_was_seen_and_left_a_doubt_is_told_to_the_operator_alone() -> None:
    doubtful = column("甲")
    newest = TODAY - timedelta(days=26)
    visit = Visit(1, doubtful.key, at(TODAY), Outcome.OK, newest, unresolved=3)
    bench = judged({doubtful: History(visit, visit)})
    assert [row.verdict for row in bench.rows] == [Verdict.UNKNOWN]
    (line,) = lines(news(bench), "all")
    assert line.audiences == {OPERATOR}
    assert line.key == f"doubt:column:甲:haian/news_2w:{newest}"
    assert "人工核对" in line.remedy


def test_a_wholly_unseen_site_is_one_line_and_comes_first(ledger: Ledger) -> None:
    shut = [column(f"栏目{n}") for n in range(40)]
    feed = account("海滨发布")
    bench = judged({s: unseen(s, BLOCKED) for s in shut} | {feed: unseen(feed, Outcome.GONE)})
    run(ledger, bench)
    sent = the_mail(ledger, "operator@example.gov.cn")
    assert sent["Subject"] == "【巡检】1个网站全部未能查看（市政府网站）；1个对象未能查看"
    text = part(sent, "plain")
    assert "   事项：全站未能查看：40个对象均未能查看\n" in text
    assert "   情况：被防火墙或验证页面拦截40个；最近一次正常查看：2026-11-19\n" in text
    assert text.count("   事项：") == 2


def test_after_the_sites_line_its_columns_are_not_told_one_by_one(ledger: Ledger) -> None:
    shut = [column(f"栏目{n}") for n in range(3)]
    assert run(ledger, judged({s: unseen(s, BLOCKED) for s in shut}))[0].mails == 1
    later: dict[Subject, History] = {s: unseen(s, BLOCKED) for s in shut[1:]}
    assert run(ledger, judged(later | {shut[0]: seen(shut[0], 1)}))[0].mails == 0


def test_a_site_unseen_for_long_is_still_one_line(ledger: Ledger) -> None:
    since = TODAY - timedelta(days=9)
    shut = [column(f"栏目{n}", watched_since=since) for n in range(3)]  # type: ignore[arg-type]
    never = {s: History(Visit(1, s.key, at(TODAY), BLOCKED), None) for s in shut}
    queued, told = run(ledger, judged(never))
    sent = the_mail(ledger, "operator@example.gov.cn")
    assert sent["Subject"] == "【巡检】1个网站全部未能查看（市政府网站）"
    assert "全站长期未能查看：3个对象均未能查看" in part(sent, "plain")
    assert (queued.mails, len(told.happenings)) == (1, 3)
    assert again(ledger, told).mails == 0
    assert run(ledger, judged(never))[0].mails == 0


def test_the_operator_hears_of_long_unseen_columns_and_of_their_return(ledger: Ledger) -> None:
    lost = column("栏目", watched_since=TODAY - timedelta(days=9))  # type: ignore[arg-type]
    fine = column("乙")
    never = History(Visit(1, lost.key, at(TODAY), BLOCKED), None)
    run(ledger, judged({lost: never, fine: seen(fine)}))
    run(ledger, judged({lost: seen(lost), fine: seen(fine)}))
    told = [mail["Subject"] for mail in mails(ledger)["operator@example.gov.cn"]]
    assert told == ["【巡检】1个对象长期未能查看；1个对象未能查看", "【巡检】1个对象恢复查看"]
    assert set(mails(ledger)) == {"operator@example.gov.cn"}


@pytest.mark.parametrize(
    ("unit_alerts", "confirmed", "told"),
    [
        ("none", False, []),
        ("none", True, []),
        ("confirmed", False, []),
        ("confirmed", True, ["【巡检】1个栏目超期（超期12天：甲）"]),
        ("all", False, ["【巡检】1个栏目超期（超期12天：甲）"]),
        ("all", True, ["【巡检】1个栏目超期（超期12天：甲）"]),
    ],
)
def test_units_hear_of_findings_as_the_settings_allow(
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    unit_alerts: UnitAlerts,
    confirmed: bool,
    told: list[str],
) -> None:
    if confirmed:
        monkeypatch.setattr(alerts, "is_confirmed", lambda _finding, _event: True)
    mail = MAIL.model_copy(update={"unit_alerts": unit_alerts})
    run(ledger, judged({(late := column("甲")): seen(late, 26)}), mail)
    assert [m["Subject"] for m in mails(ledger).get("edu@example.gov.cn", [])] == told
    office = part(the_mail(ledger, "office@example.gov.cn"), "plain")
    assert ("系统发现，待核实" in office) is not confirmed


@pytest.mark.parametrize(
    ("unit_alerts", "confirmed", "told"),
    [
        ("none", False, False),
        ("none", True, False),
        ("confirmed", False, False),
        ("confirmed", True, True),
        ("all", False, False),
        ("all", True, True),
    ],
)
def test_a_flag_reaches_its_unit_only_after_a_person_confirmed_it(
    monkeypatch: pytest.MonkeyPatch, unit_alerts: UnitAlerts, confirmed: bool, told: bool
) -> None:
    if confirmed:
        monkeypatch.setattr(alerts, "is_confirmed", lambda _finding, _event: True)
    law = read_law(pack_texts(["haian", "cn-2019"]), load_calendar())
    key = Key("cn-2019", "mobile", "column:甲")
    event = Event(EventKind.DETECTED, at(TODAY), "xunjian", "发现1处疑似手机号，请人工核实")
    happening = Happening("event:1", Finding(1, key, "edu", TODAY, TODAY, None, ()), event)
    (line,) = lines(replace(news(judged({}), [happening]), law=law), unit_alerts)
    assert line.audiences == ({OFFICE, "unit:edu"} if told else {OFFICE})
    assert (line.topic, line.headline) == (
        Topic.TO_CHECK,
        "信息中疑似公开了手机号码，请人工核实",
    )
    content = compose_digest([line], TODAY)
    assert content.subject == "【巡检】1个对象请人工核实"
    for shown in (content.text, content.html):
        assert "核实建议：请核实是否为公务联系电话" in shown
        assert ("系统发现，待核实" in shown) is not confirmed


@pytest.mark.parametrize("unit_alerts", ["none", "confirmed", "all"])
def test_early_warnings_reach_their_own_unit_in_every_mode(
    ledger: Ledger, unit_alerts: UnitAlerts
) -> None:
    mail = MAIL.model_copy(update={"unit_alerts": unit_alerts})
    run(ledger, judged({(near := column("甲")): seen(near, 14)}), mail)
    assert set(mails(ledger)) == {"office@example.gov.cn", "edu@example.gov.cn"}
    text = part(the_mail(ledger, "edu@example.gov.cn"), "plain")
    assert "   事项：临近更新时限，今日到期\n" in text
    assert "待核实" not in text


def test_what_the_crawler_saw_recover_counts_as_confirmed_by_nobody() -> None:
    key = Key("haian", "news_2w", "column:甲")
    events = tuple(
        Event(kind, at(TODAY), "xunjian", "") for kind in (EventKind.DETECTED, EventKind.RECOVERED)
    )
    finding = Finding(1, key, "edu", TODAY, None, None, events[:1])
    assert not is_confirmed(finding, events[1])


def test_one_address_in_several_audiences_gets_one_mail_with_sections(ledger: Ledger) -> None:
    late, near, shut, fine = column("甲"), column("乙"), column("丙"), account("丁")
    mail = MAIL.model_copy(
        update={"office": ("EDU@example.gov.cn",), "operator": ("edu@example.gov.cn",)}
    )
    bench = judged(
        {
            late: seen(late, 26),
            near: seen(near, 12),
            shut: unseen(shut, BLOCKED),
            fine: seen(fine),
        }
    )
    assert run(ledger, bench, mail)[0].mails == 1
    sent = the_mail(ledger, "edu@example.gov.cn")
    assert sent["Subject"] == "【巡检】1个栏目超期（超期12天：甲）；1项临期；1个对象未能查看"
    assert part(sent, "plain").count("   事项：") == 3


def test_an_empty_operator_list_means_the_office(ledger: Ledger) -> None:
    mail = MAIL.model_copy(update={"operator": ()})
    shut, fine = column("丙"), column("丁")
    run(ledger, judged({shut: unseen(shut, BLOCKED), fine: seen(fine)}), mail)
    assert set(mails(ledger)) == {"office@example.gov.cn"}


def test_facts_nobody_reads_for_stay_untold_until_an_address_is_set(ledger: Ledger) -> None:
    shut, near, fine = column("丙"), column("乙", unit="none"), column("丁")
    bench = judged({shut: unseen(shut, BLOCKED), near: seen(near, 12), fine: seen(fine)})
    queued, told = run(ledger, bench, MailSection())
    assert queued == Queued(
        0,
        (
            "办公室没有收件地址，1项提醒未发出。请在 settings.toml 的 [mail] office 中填写。",
            "运维人员没有收件地址，1项提醒未发出。"
            "请在 settings.toml 的 [mail] operator 或 office 中填写。",
            "单位“none”没有收件地址，1项提醒未发出。请在登记册中填写其电子邮箱。",
        ),
    )
    assert again(ledger, told).mails == 2
    assert set(mails(ledger)) == {"office@example.gov.cn", "operator@example.gov.cn"}


def test_hostile_names_change_no_header_and_no_markup(ledger: Ledger) -> None:
    name = "甲\r\nBcc: evil@example.com\r\n\u202e<script>alert(1)</script>\u2028&\ud800"
    bad = column(name, "c1", url="javascript:alert(1)")
    fine = column("丁")
    run(ledger, judged({bad: seen(bad, 26), fine: seen(fine)}))
    sent = the_mail(ledger, "office@example.gov.cn")
    assert sent["Bcc"] is None
    assert sent["Subject"] == "【巡检】1个栏目超期（超期12天：甲 Bcc: evil@example…）"
    text, html = part(sent, "plain"), part(sent, "html")
    assert "1. 栏目“甲 Bcc: evil@example.com <script>alert(1)</script> &”【新发现】" in text
    assert "甲 Bcc: evil@example.com &lt;script&gt;alert(1)&lt;/script&gt; &amp;”" in html
    for body in (text, html):
        assert "javascript:" not in body
        assert "\u202e" not in body
    assert "<script" not in html
    assert "href" not in html


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.cn/x?a=1&b=%22", "https://a.cn/x?a=1&b=%22"),
        ("HTTP://a.cn", "HTTP://a.cn"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://a.cn/", None),
        ("https://a.cn/\nX: y", None),
        ("https:// a.cn", None),
        ("http://[", None),
        ("//a.cn/x", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url: str | None, link: str | None) -> None:
    assert web_link(url) == link


def test_cleaning_leaves_ordinary_words_alone() -> None:
    assert clean("  甲 乙，A&B <c>\t丙\u200b") == "甲 乙，A&B <c> 丙"


def test_three_hundred_late_columns_are_three_hundred_entries(ledger: Ledger) -> None:
    late = [column(f"栏目{n}") for n in range(300)]
    run(ledger, judged({s: seen(s, 20) for s in late}))
    sent = the_mail(ledger, "office@example.gov.cn")
    assert sent["Subject"] == "【巡检】300个栏目超期（最久超期6天：栏目0）"
    text, html = part(sent, "plain"), part(sent, "html")
    assert all(f"“栏目{n}”" in text and f"“栏目{n}”" in html for n in range(300))


def test_blank_and_undated_columns_are_named_as_such() -> None:
    blank, bare = column("甲"), column("乙")
    bench = judged(
        {blank: seen(blank, None, Outcome.EMPTY), bare: seen(bare, None, Outcome.UNDATED)}
    )
    told = lines(news(bench, _detected(bench)), "confirmed")
    assert [(line.topic, line.headline) for line in told] == [
        (Topic.COLUMN_BLANK, "没有任何内容"),
        (Topic.COLUMN_UNDATED, "信息未标注发布日期，无法认定更新情况"),
    ]
    assert compose_digest(told, TODAY).subject == "【巡检】1个栏目空白；1个栏目未标注日期"


def _detected(bench: Bench, *kinds: EventKind) -> list[Happening]:
    """Every fault as a finding of its own, with one event of each kind written in this run."""
    told = []
    for number, (key, fault) in enumerate(bench.faults.items(), 1):
        finding = Finding(number, key, fault.unit, TODAY, fault.basis, None, (), fault.over)
        told += [
            Happening(f"event:{number}.{kind}", finding, Event(kind, at(TODAY), "x", fault.note))
            for kind in kinds or (EventKind.DETECTED,)
        ]
    return told


def test_found_and_recovered_in_one_run_is_one_line(ledger: Ledger) -> None:
    bench = judged({(late := column("甲")): seen(late, 26)})
    both = _detected(bench, EventKind.DETECTED, EventKind.RECOVERED)
    (line,) = lines(news(bench, both), "confirmed")
    assert (line.topic, line.key) == (Topic.RECOVERED, "event:1.recovered")
    assert line.covers == ("event:1.detected",)
    assert line.headline == "现已恢复，待复查（原问题：动态新闻类栏目超过两周未更新）"
    assert line.reason.startswith("本次发现后已恢复：")
    told = news(bench, both)
    assert again(ledger, told).mails == 1
    assert again(ledger, told).mails == 0


def test_reminders_and_returns_say_what_they_are(ledger: Ledger) -> None:
    late = column("甲")
    days = [0, 3, 7]
    for passed in days:
        day = TODAY + timedelta(days=passed)
        visit = Visit(1, late.key, at(day), Outcome.OK, TODAY - timedelta(days=26))
        run(ledger, judged({late: History(visit, visit)}, as_of=day))
    first, second = mails(ledger)["office@example.gov.cn"]
    assert "“甲”【新发现】" in part(first, "plain")
    assert "“甲”【提醒】" in part(second, "plain")
    assert second["Subject"] == "【巡检】1个栏目超期（超期19天：甲）"
    assert "   发现日期：2026-11-20\n" in part(second, "plain")


def letters_of(box: Subject, *rows: Letter) -> dict[str, list[LetterState]]:
    return {box.key: [LetterState(box.key, row, at(TODAY), at(TODAY)) for row in rows]}


def test_letters_are_named_by_number_and_warned_before_their_limit(ledger: Ledger) -> None:
    box = mailbox("市长信箱")
    rows = letters_of(
        box,
        Letter("A1", "", "https://www.example.gov.cn/xx/A1", date(2026, 11, 9), answered=False),
        Letter("A2", "", "javascript:alert(1)", date(2026, 11, 13), answered=False),
        Letter("A3", "", None, date(2026, 11, 3), replied_on=date(2026, 11, 12)),
        Letter("A4", "", None, date(2026, 11, 19), answered=False),
    )
    run(ledger, judged({box: seen(box, 1)}, rows))
    office = the_mail(ledger, "office@example.gov.cn")
    assert office["Subject"] == (
        "【巡检】1封来信逾期未答复（期限2026-11-16）；1封来信逾期答复；1项临期"
    )
    text = part(office, "plain")
    assert "来信“市长信箱 A1”【新发现】【系统发现，待核实】" in text
    assert "   页面：https://www.example.gov.cn/xx/A1\n" in text
    unit = part(the_mail(ledger, "edu@example.gov.cn"), "plain")
    assert "来信“市长信箱 A2”" in unit
    assert "临近答复时限，最迟应于2026-11-20（含当日）答复" in unit
    assert "A1" not in unit
    assert "A4" not in text


@pytest.mark.parametrize("why", ["exempt", "unseen"])
def test_a_mailbox_exempt_or_unseen_gives_no_warning(why: str) -> None:
    box = mailbox("市长信箱")
    history = seen(box, 1)
    if why == "exempt":
        box = replace(box, exempt_until=TODAY, exempt_reason="系统升级")
    else:
        history = unseen(box, BLOCKED, 1)
    rows = letters_of(box, Letter("A2", "", None, date(2026, 11, 13)))
    bench = judged({box: history}, rows)
    assert [row.near for row in bench.letters] == [True]
    assert {a for line in lines(news(bench), "all") for a in line.audiences} <= {OPERATOR}


def test_an_exemption_is_not_called_a_recovery() -> None:
    late = column("甲")
    waived = replace(late, exempt_until=TODAY, exempt_reason="机构改革")
    (happening,) = _detected(judged({late: seen(late, 26)}), EventKind.RECOVERED)
    (line,) = lines(news(judged({waived: seen(waived, 26)}), [happening]), "confirmed")
    assert line.headline == "现已豁免，待复查（原问题：动态新闻类栏目超过两周未更新）"
    assert line.audiences == {OFFICE}


def test_a_rule_no_longer_in_force_still_gives_a_line() -> None:
    key = Key("gone", "old_rule", "column:x")
    finding = Finding(1, key, "edu", TODAY, None, None, ())
    happening = Happening("event:1", finding, Event(EventKind.RECOVERED, at(TODAY), "x", "见后"))
    (line,) = lines(news(judged({}), [happening]), "confirmed")
    assert (line.name, line.headline) == (
        "column:x",
        "现已恢复，待复查（原问题：gone/old_rule）",
    )


def test_two_rules_on_one_column_count_one_column_and_two_entries() -> None:
    bench = judged({(late := column("甲")): seen(late, 26)})
    (happening,) = _detected(bench)
    other = replace(happening.finding, id=2, key=replace(happening.finding.key, pack="national"))
    told = [happening, Happening("event:2", other, happening.event)]
    rows = [*bench.rows, replace(bench.rows[0], pack="national")]
    both = lines(news(replace(bench, rows=tuple(rows)), told), "confirmed")
    assert compose_digest(both, TODAY).subject == "【巡检】1个栏目超期（共2条，超期12天：甲）"
