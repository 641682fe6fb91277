"""Steps as pages take them: exactly what the commands would write, by whom, audited, or nothing."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest

from app import proof
from app.commands import findings as commands
from app.web import steps as forms
from app.web.entry import digest
from app.web.guard import COOKIE
from app.web.pages import steps
from app.web.steps import USUAL
from checks.course import State
from checks.handling import Action as Step
from checks.lifecycle import EventKind as K
from storage.attachments import kept_file
from tests.app.life import Life
from tests.app.web.forms import Form, faults_of, form_of, page_of, send, steps_on
from tests.app.web.office import BY, live, make, notified, number, visited
from tests.app.web.visiting import Visit, rows_of

PNG = b"\x89PNG\r\n\x1a\nsynthetic"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made") / "home")


@pytest.fixture
def life(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    yield from live(made, tmp_path / "home", monkeypatch)


def audit(life: Life) -> list[tuple[str, str, str]]:
    """Who did what with what, oldest first."""
    return [(each.login, each.action, each.object) for each in life.ledger.audited()][::-1]


def last(life: Life, of: int) -> tuple[K, str, str, str | None, date | None]:
    event = life.finding(of).events[-1]
    return event.kind, event.by, event.note, event.evidence, event.until


def own_page(step: str, *ids: int) -> str:
    """Where a step has a page of its own."""
    right = "end" if step in ("close", "waive") else "handle"
    return f"/findings/{right}?step={step}" + "".join(f"&id={each}" for each in ids)


def take(
    visit: Visit, step: str, *ids: int, file: tuple[str, bytes] | None = None, **typed: str
) -> None:
    """Take a step by its own page; it must be done."""
    action, held = form_of(visit.get(own_page(step, *ids)), step)
    answer = send(visit, action, held, file, **typed)
    assert answer.status_code == 303, faults_of(answer)
    to = f"/findings/{ids[0]}" if len(ids) == 1 else "/findings"
    assert answer.headers["location"] == f"{to}?done={step}"
    assert len(visit.get(f"{to}?done={step}").select('[role="status"]')) == 1


def test_a_finding_from_its_discovery_to_its_close_by_pages_alone(life: Life) -> None:
    dt = number(life, "dt")
    with visited(life, "reviewer") as visit:
        page = visit.get(f"/findings/{dt}")
        assert steps_on(page) == ["confirm", "appeal", "dismiss", "waive"]
        action, held = form_of(page, "confirm")
        answer = send(visit, action, held, ("截图 1.png", PNG))
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/findings/{dt}?done=confirm",
        )
        kept = life.finding(dt).events[-1].evidence or ""
        assert last(life, dt)[:3] == (K.CONFIRMED, "示例reviewer", "经人工核实，问题属实。")
        assert "原文件名：截图_1.png" in kept

        take(visit, "notice", dt, due="2026-03-10")
        words = "整改通知〔2026〕1号；整改期限2026-03-10（含当日）"
        assert last(life, dt)[:3] == (K.NOTIFIED, "示例reviewer", words)
        take(visit, "report-back", dt, by="示例单位李四", note="已补发", evidence="见首页")
        assert last(life, dt) == (K.REPORTED, "示例单位李四", "已补发", "见首页", None)
        take(visit, "recheck", dt)
        assert last(life, dt) == (K.RECHECKED, "示例reviewer", "开始复查。", None, None)
        take(visit, "fail", dt, note="页面仍无新信息")
        assert last(life, dt) == (K.FAILED, "示例reviewer", "页面仍无新信息", None, None)
        take(visit, "urge", dt, note="反馈与实际不符", number="督办〔2026〕甲号")
        words = "督办〔2026〕甲号：反馈与实际不符；整改期限2026-03-16（含当日）"
        assert last(life, dt)[:3] == (K.URGED, "示例reviewer", words)
        take(visit, "recheck", dt)
        take(visit, "close", dt, note="页面已有新信息")
        assert last(life, dt) == (K.CLOSED, "示例reviewer", "页面已有新信息", None, None)
        assert steps_on(visit.get(f"/findings/{dt}")) == ["appeal"]
    did = ["confirm", "notice", "report-back", "recheck", "fail", "urge", "recheck", "close"]
    assert audit(life) == [("reviewer", f"finding.{each}", str(dt)) for each in did]


def test_an_appeal_stops_the_clock_and_its_answer_lets_it_run_on(life: Life) -> None:
    dt = notified(life)
    with visited(life) as visit:
        take(visit, "appeal", dt, by="示例单位张三", note="栏目已停用")
        assert last(life, dt) == (K.APPEALED, "示例单位张三", "栏目已停用", None, None)
        assert steps_on(visit.get(f"/findings/{dt}")) == ["report-back", "reject", "dismiss"]
        take(visit, "reject", dt, note="登记册中未停用")
        due = date(2026, 3, 16)
        assert last(life, dt) == (K.REJECTED, "示例clerk", "登记册中未停用", None, due)
    assert audit(life) == [
        ("clerk", "finding.appeal", str(dt)),
        ("clerk", "finding.reject", str(dt)),
    ]


def test_a_false_alarm_is_corrected_and_a_waiver_has_an_end(life: Life) -> None:
    dt, jy = notified(life), number(life, "jy")
    with visited(life, "reviewer") as visit:
        page = visit.get(own_page("dismiss", dt, jy))
        assert [each.get_text(" ", strip=True) for each in page.select("ul.coming > li")] == [
            f"示例办公室 ：经核实为误报，予以更正（问题 {dt}），此前对该问题的通报不作为认定依据。"
            "邮件：zfb@example.cn、zfb2@example.cn",
            f"示例教育局 ：问题 {jy} 未曾告知该单位。不发邮件。",
        ]
        take(visit, "dismiss", dt, jy, note="日期在图片中")
        for each in (dt, jy):
            assert last(life, each) == (K.DISMISSED, "示例reviewer", "日期在图片中", None, None)
        kb = number(life, "kb")
        take(visit, "waive", kb, note="改版期间", until="2026-06-30")
        assert last(life, kb) == (K.WAIVED, "示例reviewer", "改版期间", None, date(2026, 6, 30))
    assert audit(life) == [
        ("reviewer", "finding.dismiss", f"{dt},{jy}"),
        ("reviewer", "finding.waive", str(kb)),
    ]


# A notice


def test_a_notice_is_shown_before_it_goes_out_and_its_paper_and_mails_after(life: Life) -> None:
    dt, jy = number(life, "dt"), number(life, "jy")
    life.done("findings", "confirm", str(dt), str(jy), *BY)
    before = life.ledger.delivery_counts()
    with visited(life) as visit:
        page = visit.get(own_page("notice", dt, jy))
        news = "动态新闻类栏目超过两周未更新"
        assert [each.get_text(" ", strip=True) for each in page.select("ul.coming > li")] == [
            "示例办公室 ：整改通知〔2026〕1号，整改期限 2026-03-16（含当日）。"
            f"邮件：zfb@example.cn、zfb2@example.cn 问题 {dt}：栏目“政务动态”，{news}",
            "示例教育局 ：整改通知〔2026〕2号，整改期限 2026-03-16（含当日）。"
            "没有收件地址，须以纸质或其他方式送达。 "
            f"问题 {jy}：栏目“教育动态”，{news}",
            "办公室 ：每份通知各一份。邮件：office@example.cn",
        ]
        assert (life.ledger.notices(), life.ledger.delivery_counts()) == ([], before)
        action, held = form_of(page, "notice")
        answer = send(visit, action, held)
        assert answer.headers["location"] == f"/findings/issued?id={dt}&id={jy}"
        mails = [row[-1] for row in rows_of(visit.get(answer.headers["location"]))]
        assert mails == [
            "zfb@example.cn （待发）、 zfb2@example.cn （待发）、 office@example.cn （待发）",
            "office@example.cn （待发）",
        ]
        first, second = life.ledger.notices()
        assert [(each.number, each.findings, each.by) for each in (first, second)] == [
            ("整改通知〔2026〕1号", [dt], "示例clerk"),
            ("整改通知〔2026〕2号", [jy], "示例clerk"),
        ]
        assert life.ledger.delivery_counts() == {**before, "queued": 4}
        page = visit.get(f"/findings/{dt}")
        assert [row[1:] for row in rows_of(page, "table.told")][:2] == [
            ["示例办公室", "zfb@example.cn （待发）、 zfb2@example.cn （待发）"],
            ["办公室", "office@example.cn （待发）"],
        ]
        (paper,) = page.select('a[href*="/notices/"]')
        answer = visit.client.get(str(paper["href"]))
        kept = kept_file(life.ledger.evidence.folder, first.document)
        assert kept is not None
        assert hashlib.sha256(answer.content).hexdigest() == kept.sha256
        assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''")
        assert visit.status(f"/findings/{dt}/notices/{second.id}") == 404
    assert sorted(each.name for each in life.home.path("reports").glob("*.docx")) == [
        "整改通知〔2026〕1号-示例办公室.docx",
        "整改通知〔2026〕2号-示例教育局.docx",
    ]
    assert audit(life) == [("clerk", "finding.notice", f"{dt},{jy}")]
    with visited(life, "viewer") as visit:
        assert visit.status(f"/findings/{jy}/notices/{second.id}") == 200
        assert visit.status(f"/findings/{dt}/notices/{first.id}") == 404


def test_without_a_finding_no_notice_goes_to_all(life: Life) -> None:
    dt = number(life, "dt")
    life.done("findings", "confirm", str(dt), *BY)
    with visited(life) as visit:
        assert visit.status("/findings/handle?step=notice") == 422
        answer = visit.post("/findings/handle", step="notice")
        assert (answer.status_code, faults_of(answer)) == (422, ["请至少选择一个问题"])
    assert life.ledger.notices() == []


# Refusals


def refused(
    life: Life,
    visit: Visit,
    step: str,
    *ids: int,
    file: tuple[str, bytes] | None = None,
    **typed: str,
) -> list[str]:
    """What is said where a step is not taken; ledger and audit are as they were."""
    before = life.ledger.findings(), life.ledger.audited(), life.ledger.delivery_counts()
    path = own_page(step, *ids).partition("?")[0]
    held: dict[str, str | list[str]] = {
        "csrf": csrf(visit),
        "step": step,
        "id": list(map(str, ids)),
        "seen": [f"{each}:{len(life.finding(each).events)}" for each in ids],
    }
    answer = send(visit, path, held, file, **typed)
    assert answer.status_code == 422, answer.status_code
    after = life.ledger.findings(), life.ledger.audited(), life.ledger.delivery_counts()
    assert after == before
    page = page_of(answer)
    for name, value in typed.items():
        boxes = page.select(f'form.step [name="{name}"]')
        assert all(value in (each.get("value"), each.get_text()) for each in boxes)
    return faults_of(answer)


def csrf(visit: Visit) -> str:
    held = visit.ledger.visitor(digest(visit.client.cookies[COOKIE]))
    assert held is not None
    return held.csrf


def test_all_faults_are_named_at_once_and_what_was_typed_stays(life: Life) -> None:
    dt = notified(life)
    with visited(life, "reviewer") as visit:
        assert refused(life, visit, "report-back", dt, by=" ", note="") == [
            "单位联系人：不能为空",
            "说明：不能为空",
        ]
        assert refused(life, visit, "waive", dt, note=HOSTILE, until="明年") == [
            "豁免期限：明年，应为日期，如 2026-03-16",
            "豁免期限：未填写，应在2026-03-02至2027-03-02之间",
        ]
        assert refused(life, visit, "waive", dt, note="改版", until="2027-03-03") == [
            "豁免期限：2027-03-03，应在2026-03-02至2027-03-02之间"
        ]
        assert refused(life, visit, "appeal", dt, by="李" * 65, note="长" * 2001) == [
            "说明：应不超过2000个字",
            "单位联系人：应不超过64个字",
        ]
        assert refused(life, visit, "close", dt, note="好") == [
            f"问题 {dt}：现为“已下发”，须经复查方可销号，请先用 “转入复查”"
        ]
        kb = number(life, "kb")
        life.done("findings", "confirm", str(kb), *BY)
        assert refused(life, visit, "notice", kb, number="长" * 61, due="2026-03-01") == [
            "文号：应为1至60个字",
            "整改期限：2026-03-01，应在2026-03-02之后，且不晚于2026-03-16",
        ]


def test_several_are_all_taken_or_none(life: Life) -> None:
    dt, jy, kb = (number(life, each) for each in ("dt", "jy", "kb"))
    life.done("findings", "confirm", str(jy), *BY)
    with visited(life) as visit:
        page = visit.get(own_page("confirm", dt, jy, kb))
        assert [row[0:1] + row[-1:] for row in rows_of(page)] == [
            [str(dt), "可以"],
            [str(jy), "不能：现为“已确认”，已于2026-03-02确认"],
            [str(kb), "可以"],
        ]
        assert page.select("form.step") == []
        assert refused(life, visit, "confirm", dt, jy, kb, note="属实") == [
            f"问题 {jy}：现为“已确认”，已于2026-03-02确认"
        ]
        fewer = next(str(each["href"]) for each in page.select("main p a"))
        assert fewer == own_page("confirm", dt, kb)
        take(visit, "confirm", dt, kb)
    assert [life.course(each).state for each in (dt, jy, kb)] == [State.CONFIRMED] * 3
    assert audit(life) == [("clerk", "finding.confirm", f"{dt},{kb}")]


def test_a_form_that_is_sent_twice_is_taken_once(life: Life) -> None:
    dt = number(life, "dt")
    with visited(life) as visit:
        action, held = form_of(visit.get(f"/findings/{dt}"), "appeal")
        held |= {"by": "示例单位", "note": "有异议"}
        assert send(visit, action, held).status_code == 303
        again = send(visit, action, held)
    assert again.status_code == 422
    assert faults_of(again) == [
        f"问题 {dt}：申诉尚未答复，请先用 “答复申诉” 或 “认定误报” 答复",
        f"问题 {dt}：打开页面以后已有新的经过，请核对后再办理：03-02 10:00 申诉（示例单位）",
    ]
    assert [each.kind for each in life.finding(dt).events] == [K.DETECTED, K.APPEALED]
    assert len(audit(life)) == 1


def test_a_step_that_may_still_be_taken_is_not_taken_on_an_old_view(life: Life) -> None:
    dt = notified(life)
    with visited(life) as visit:
        action, held = form_of(visit.get(own_page("dismiss", dt)), "dismiss")
        life.done("findings", "report-back", str(dt), "--by", "示例单位", "--note", "已整改")
        answer = send(visit, action, held, note="日期在图片中")
        assert answer.status_code == 422
        assert faults_of(answer) == [
            f"问题 {dt}：打开页面以后已有新的经过，请核对后再办理：03-02 10:00 整改反馈（示例单位）"
        ]
        assert (life.course(dt).state, audit(life)) == (State.REPORTED, [])
        # The page that says so has seen it, and keeps what was typed.
        action, held = form_of(page_of(answer), "dismiss")
        assert held["note"] == "日期在图片中"
        assert send(visit, action, held).status_code == 303
    assert life.course(dt).state is State.DISMISSED


def test_what_cannot_be_written_leaves_no_trace_in_the_audit(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    dt = number(life, "dt")
    with visited(life) as visit:
        action, held = form_of(visit.get(f"/findings/{dt}"), "confirm")

        def full(*_: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(life.ledger, "write_events", full)
        with pytest.raises(OSError, match="disk full"):
            send(visit, action, held)
    assert (len(life.finding(dt).events), audit(life)) == (1, [])


def test_of_two_clerks_at_the_same_instant_one_takes_the_step(life: Life) -> None:
    dt = number(life, "dt")
    with visited(life) as one, visited(life, "reviewer") as other, ThreadPoolExecutor(2) as both:
        ready = Barrier(2)
        filled = [(each, *form_of(each.get(f"/findings/{dt}"), "confirm")) for each in (one, other)]

        def confirm(form: tuple[Visit, str, Form]) -> int:
            ready.wait(timeout=20)
            return send(*form).status_code

        assert sorted(both.map(confirm, filled)) == [303, 422]
    assert [each.kind for each in life.finding(dt).events] == [K.DETECTED, K.CONFIRMED]
    assert len(audit(life)) == 1


def test_after_a_step_with_several_the_list_is_as_it_was_chosen(life: Life) -> None:
    dt, kb = number(life, "dt"), number(life, "kb")
    with visited(life) as visit:
        (hidden,) = visit.get("/findings?unit=zfb&state=found").select('form input[name="back"]')
        back = "unit=zfb&state=found"
        assert hidden["value"] == back
        chosen = f"{own_page('confirm', dt, kb)}&back=unit%3Dzfb%26state%3Dfound"
        action, held = form_of(visit.get(chosen), "confirm")
        answer = send(visit, action, held)
        assert answer.headers["location"] == f"/findings?{back}&done=confirm"
        assert visit.status(answer.headers["location"]) == 200
        action, held = form_of(visit.get(own_page("dismiss", dt, kb)), "dismiss")
        answer = send(visit, action, held, note="误报", back="//evil.example?x=1&done=x&page=2")
        assert answer.headers["location"] == "/findings?page=2&done=dismiss"


# Rights


def test_who_may_not_take_a_step_gets_no_form_and_is_refused(life: Life) -> None:
    jy = notified(life, "jy")
    rights = {
        "viewer": (False, False),
        "clerk": (True, False),
        "reviewer": (True, True),
        "leader": (False, True),
        "operator": (False, False),
    }
    typed = {"id": str(jy), "seen": f"{jy}:3", "note": "x", "until": "2026-04-01"}
    for login, (handles, ends) in rights.items():
        offered = {
            *(("report-back", "recheck", "appeal", "dismiss") if handles else ()),
            *(("waive",) if ends else ()),
        }
        with visited(life, login) as visit:
            assert set(steps_on(visit.get(f"/findings/{jy}"))) == offered, login
            for step, may in (("dismiss", handles), ("waive", ends)):
                path = own_page(step, jy)
                assert visit.status(path) == (200 if may else 403), (login, step)
                if not may:
                    answer = visit.post(path.partition("?")[0], step=step, **typed)
                    assert answer.status_code == 403, (login, step)
            # Neither is there a way round by the other address.
            if not ends:
                assert visit.post("/findings/handle", step="waive", **typed).status_code == 403
    assert (len(life.finding(jy).events), audit(life)) == (3, [])


def test_a_step_that_there_is_not_is_not_there(life: Life) -> None:
    with visited(life) as visit:
        assert visit.status("/findings/handle?step=delete&id=1") == 404
        assert visit.post("/findings/handle", step="").status_code == 404
        assert visit.post("/findings/handle", step="confirm", id="x", seen="y").status_code == 422
        assert visit.status("/findings/handle?step=confirm&id=x&id=99999999999&id=²") == 422
        page = visit.get("/findings/handle?step=confirm&id=999")
        assert page.select("form.step") == []


# Evidence


def test_words_are_words_even_where_they_name_a_file_of_this_machine(life: Life) -> None:
    dt, settings = number(life, "dt"), str(life.home.path("settings.toml"))
    with visited(life) as visit:
        take(visit, "confirm", dt, evidence=settings)
    assert life.finding(dt).events[-1].evidence == settings
    assert not life.ledger.evidence.folder.joinpath("hand").exists()


def test_the_name_of_another_findings_file_is_no_evidence(life: Life) -> None:
    dt, jy = number(life, "dt"), number(life, "jy")
    with visited(life) as visit:
        take(visit, "confirm", dt, file=("a.png", PNG))
        record = life.finding(dt).events[-1].evidence or ""
        assert refused(life, visit, "confirm", jy, note="属实", evidence=record) == [
            "证据：文字中不能写证据目录内的文件名，请直接选择文件"
        ]


def test_a_file_of_a_wrong_kind_or_size_is_refused_in_words(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (proof, forms):
        monkeypatch.setattr(module, "MOST_BYTES", 1024**2)
    kinds = "证据文件：应为图片、PDF、办公文档、文本、网页、邮件、MP4 或 ZIP 文件"
    cases = {
        ("a.exe", b"MZ"): kinds,
        ("png", PNG): kinds,
        ("a.png", b"MZ"): "证据文件：内容不是 .png 文件，请核对后重新选择",
        ("a.PDF", PNG): "证据文件：内容不是 .pdf 文件，请核对后重新选择",
        ("a.docx", b""): "证据文件：文件是空的",
        ("a.png", PNG + b"0" * 1024**2): "证据文件：应不超过1 MB",
    }
    dt = number(life, "dt")
    with visited(life) as visit:
        for file, fault in cases.items():
            assert refused(life, visit, "confirm", dt, file=file, note="属实") == [fault]
    assert not life.ledger.evidence.folder.joinpath("hand").exists()


def test_a_file_and_words_are_one_too_many(life: Life) -> None:
    dt = number(life, "dt")
    with visited(life) as visit:
        faults = refused(
            life, visit, "confirm", dt, file=("a.png", PNG), note="属实", evidence="见首页"
        )
    assert faults == ["证据：文字与文件只能给出一种，所见情况可写入说明"]


def test_a_form_longer_than_any_of_ours_is_not_even_read(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "MOST_SENT", 512)
    dt = number(life, "dt")
    with visited(life) as visit:
        action, held = form_of(visit.get(f"/findings/{dt}"), "confirm")
        answer = send(visit, action, held, ("a.png", PNG + b"0" * 1024))
        assert answer.status_code == 413
        assert "一次上传应不超过" in answer.text
        parts = iter([b"step=confirm"])
        assert visit.client.post(action, content=parts).status_code == 413
    assert (len(life.finding(dt).events), audit(life)) == (1, [])


def test_a_file_is_kept_by_its_hash_and_its_name_is_only_shown(life: Life) -> None:
    names = {"dt": "../../x.png", "jy": "a\r\nSet-Cookie: x.png", "kb": f"{HOSTILE}.png"}
    shown = {
        "dt": ".._.._x.png",
        "jy": "a%0D%0ASet-Cookie__x.png",
        "kb": "_script_alert(1)__script_.png",
    }
    with visited(life) as visit:
        for column, name in names.items():
            of, body = number(life, column), PNG + column.encode()
            take(visit, "confirm", of, file=(name, body))
            given = life.finding(of).events[-1].evidence or ""
            kept = kept_file(life.ledger.evidence.folder, given)
            assert kept is not None
            sha256 = hashlib.sha256(body).hexdigest()
            assert kept.path == life.ledger.evidence.folder / "hand" / f"{sha256}.png"
            (link,) = visit.get(f"/findings/{of}").select('a[href*="/evidence/"]')
            assert link.get_text() == shown[column]
            answer = visit.client.get(str(link["href"]))
            assert answer.content == body
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["content-disposition"].startswith("attachment;")
            assert "set-cookie" not in answer.headers
            assert visit.status(f"/findings/{of}/evidence/0") == 404
            kept.path.unlink()
            assert visit.status(str(link["href"])) == 404


def test_what_was_seen_is_a_file_to_save_and_never_a_page(life: Life) -> None:
    dt = number(life, "dt")
    with visited(life) as visit:
        answer = visit.client.get(f"/findings/{dt}/page")
    assert (answer.status_code, answer.content) == (200, b"2026-02-10")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="finding-{dt}.txt"'


def test_what_is_usually_said_is_what_the_commands_say() -> None:
    told = {Step.CONFIRM: commands.confirm, Step.CLOSE: commands.close}
    for step, command in told.items():
        assert inspect.signature(command).parameters["note"].default == USUAL[step]
    assert USUAL[Step.RECHECK] in inspect.getsource(commands.recheck)
