"""The quarterly notice (季度检查通报) in words, with its annexes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.freshness import SHANGHAI
from notify.documents.parts import Form, Report, Section
from notify.quarterly.lines import Conclusion, GroupLine, ProblemGroup, ProblemLine
from notify.quarterly.model import QuarterlyFigures
from notify.quarterly.tables import annexes as annexes_of
from notify.selfcheck import Check, checks_table
from notify.words import KIND_WORDS, chinese_day

ADDRESSEE = "各区镇、各部门"
CONTACT = "政务公开科"
ANNEXES = (
    "网站和栏目检查情况",
    "政务新媒体检查情况",
    "信箱来信办理情况",
    "上季度问题整改情况",
    "检查表",
)
MOST_NAMED = 20
DIGITS = "一二三四五六七八九"


def quarterly_report(figures: QuarterlyFigures, checks: Sequence[Check]) -> Report:
    """The notice. `checks` all hold; how many there are is told at its end."""
    office = figures.office
    annexes = annexes_of(figures, len(checks))
    return Report(
        title=f"关于{figures.quarter.chinese}政府网站与政务新媒体检查情况的通报",
        subtitle="" if figures.is_over else f"（截至{chinese_day(figures.on)}）",
        made_at=figures.made_at,
        sections=(
            Section("", _head(figures)),
            Section("一、总体情况", _overview(figures)),
            Section("二、主要问题", _problems(figures)),
            Section("三、工作要求", _demands(figures)),
            *(
                Section(f"附件{n} {name}", (), own, new_page=True)
                for n, (name, own) in enumerate(zip(ANNEXES, annexes, strict=True), 1)
            ),
        ),
        form=Form(
            red_head=office.head,
            number=None,
            addressee=ADDRESSEE,
            annexes=ANNEXES,
            signed_by=office.signed_by,
            dated=figures.made_at.astimezone(SHANGHAI).date(),
        ),
    )


def with_checks(report: Report, checks: Sequence[Check]) -> Report:
    """The same report with every check, for the office's workbook: a notice shows their number."""
    section = Section("数据核对", (), (checks_table(checks),))
    return replace(report, sections=(*report.sections, section))


def _head(figures: QuarterlyFigures) -> tuple[str, ...]:
    """On what ground, of which days, in which manner, and how much was looked at."""
    quarter, on = figures.quarter, figures.on
    made_on = figures.made_at.astimezone(SHANGHAI).date()
    running = "" if figures.is_over else "，该日之后的情况未计入"
    cover = "；".join(
        f"{KIND_WORDS[line.kind]}登记{line.registered}个、检查{line.seen}个，覆盖率{line.rate}"
        + (f"（豁免或已关停{line.excused}个）" if line.excused else "")
        for line in figures.coverage
    )
    return (
        f"根据{'、'.join(figures.sources)}，对登记的政府网站和政务新媒体开展了{quarter.chinese}检查。"
        "现将有关情况通报如下。",
        f"检查时段为{chinese_day(quarter.first)}至{chinese_day(on)}，以{chinese_day(on)}为判定日"
        f"{running}。检查采取技术监测与人工核查相结合的方式，判定采用{'、'.join(figures.packs)}。"
        f"问题均经人工核实，核实和整改情况截至{chinese_day(made_on)}。",
        f"检查覆盖情况：{cover}。未能查看的对象不作判定，不等于存在问题。",
    )


def _overview(figures: QuarterlyFigures) -> tuple[str, ...]:
    return (_sites(figures), _accounts(figures), _letters(figures), _retest(figures))


def _sites(figures: QuarterlyFigures) -> str:
    bad = figures.bad_columns
    return (
        f"（一）政府网站。{_concluded(figures.sites)}"
        f"登记栏目{figures.columns}个，经核实存在问题的栏目{bad}个。"
    )


def _accounts(figures: QuarterlyFigures) -> str:
    accounts = figures.accounts
    closed = f"，另有已关停账号{figures.closed_accounts}个" if figures.closed_accounts else ""
    if not accounts.total:
        return f"（二）政务新媒体。没有登记在用的政务新媒体账号{closed}。"
    return (
        f"（二）政务新媒体。在用账号{accounts.total}个{closed}。按平台分：{_parts(figures.platforms)}；"
        f"按主办单位分：{_parts(figures.owners)}。{_concluded(accounts)}"
    )


def _parts(lines: Sequence[GroupLine]) -> str:
    return "、".join(f"{line.label}{line.total}个" for line in lines)


def _concluded(one: Conclusion) -> str:
    """How many were judged, how many failed, the pass rate, and what became of it."""
    if not one.asked:
        return f"所采用的指标集没有{one.label}单项否决指标，不作合格判定。"
    unjudged = f"未能判定的{one.unjudged}个，不计入检查数。" if one.unjudged else ""
    if not one.checked:
        return f"检查0个，无合格率。{unjudged}"
    pending = (
        f"另有系统发现达到单项否决、待核实的{one.pending}个，未计为不合格。" if one.pending else ""
    )
    return (
        f"检查{one.checked}个，不合格{one.failed}个，合格率{one.rate}{_change(one)}。"
        f"{pending}{unjudged}"
    )


def _change(one: Conclusion) -> str:
    if one.before is None or one.change is None:
        return ""
    if not one.change:
        return f"，与上季度（{one.before}）持平"
    word = "上升" if one.change > 0 else "下降"
    return f"，比上季度（{one.before}）{word}{abs(one.change)}个百分点"


def _letters(figures: QuarterlyFigures) -> str:
    letters = figures.letters
    if not letters.total:
        return "（三）信箱来信。本季度没有见到来信。"
    return (
        f"（三）信箱来信。据公开页面和后台导出，本季度收到来信{letters.total}封，已答复{letters.answered}封，"
        f"答复率{letters.answer_rate}，按期答复率{letters.in_time_rate}，"
        f"平均办理{letters.average}个工作日。"
    )


def _retest(figures: QuarterlyFigures) -> str:
    tally = figures.retest
    if not tally.total:
        return "（四）上季度问题整改。上季度没有经核实的问题。"
    again = sum(line.run is not None and line.run > 1 for line in figures.retested)
    repeated = f"其中连续两个季度以上存在的{again}项。" if again else ""
    appealed = f"，申诉尚未答复{tally.appealed}项（不列名）" if tally.appealed else ""
    return (
        f"（四）上季度问题整改。上季度经核实的问题{tally.total}项：已整改{tally.closed}项，"
        f"待复查{tally.recheck}项，未整改{tally.unrectified}项，整改不到位{tally.failed}项，"
        f"豁免{tally.waived}项{appealed}。{repeated}"
    )


def _problems(figures: QuarterlyFigures) -> tuple[str, ...]:
    tally = figures.tally
    untold = f"系统发现、待核实{tally.pending}项，未列入本通报。"
    if tally.appealed:
        untold += f"申诉尚未答复的{tally.appealed}项，亦未列入。"
    failed = _failed(figures)
    if not tally.listed:
        return (f"{failed}本季度没有{'其他' if failed else ''}经核实的问题。{untold}",)
    return (
        f"{failed}经人工核实，本季度存在问题{tally.listed}项，涉及{tally.units}个单位：网站和栏目"
        f"{tally.of_sites}项，政务新媒体{tally.of_accounts}项，信箱{tally.of_mailboxes}项。{untold}",
        *(_group(place, group) for place, group in enumerate(figures.groups, 1)),
    )


def _failed(figures: QuarterlyFigures) -> str:
    """Whoever a person found at fault under an indicator fails without a finding of the ledger."""
    sites, accounts = figures.sites.failed, figures.accounts.failed
    if not sites and not accounts:
        return ""
    return f"认定为不合格的网站{sites}个、政务新媒体{accounts}个，名单和原因见附件1、附件2。"


def _group(place: int, group: ProblemGroup) -> str:
    lines = group.lines
    named = "；".join(map(_problem, lines[:MOST_NAMED]))
    rest = f"等{len(lines)}项，详见附件" if len(lines) > MOST_NAMED else ""
    return f"（{_numeral(place)}）{group.headline}（{len(lines)}项）。{named}{rest}。"


def _problem(line: ProblemLine) -> str:
    known = []
    if line.updated:
        known.append(f"最近更新{chinese_day(line.updated)}")
    if line.letter:
        known.append(f"来信{line.letter}")
    if line.due:
        known.append(f"答复期限{chinese_day(line.due)}")
    if line.run and line.run > 1:
        known.append(f"连续{line.run}季度")
    more = f"（{'，'.join(known)}）" if known else ""
    return f"{line.unit}{line.kind_word}“{line.name}”{more}"


def _numeral(number: int) -> str:
    """1 to 99 as a Chinese numeral; no law has more indicators at fault at once."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens - 1]}十"
    return head + (DIGITS[ones - 1] if ones else "")


def _demands(figures: QuarterlyFigures) -> tuple[str, ...]:
    contact = figures.office.contact or CONTACT
    if not figures.tally.listed and not _failed(figures):
        return (
            "各单位要继续做好网站、栏目和政务新媒体的日常更新、信息审核和来信答复，发现问题及时整改，"
            f"有关情况报{contact}。",
        )
    return (
        f"（一）限期整改。有关单位要对照附件所列情形和问题逐项整改，于{chinese_day(figures.due)}前"
        "（含当日）完成；已整改、已销号的，不再重复报送。",
        f"（二）及时反馈。整改完成后，将整改措施、完成时间和责任人书面报{contact}，由办公室组织复查；"
        "逾期未整改或整改不到位的，予以通报督办。",
        f"（三）异议申诉。对所列问题有异议的，可在整改期限内向{contact}提出申诉并附证明材料，"
        "申诉答复之前不计整改时限。",
        "（四）举一反三。各单位要加强日常巡查，落实信息发布和来信答复责任，防止同类问题再次发生。",
    )
