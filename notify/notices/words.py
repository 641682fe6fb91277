"""The sentences of a notice."""

from __future__ import annotations

from collections.abc import Iterator

from notify.notices.model import Notice, NoticeKind
from notify.words import chinese_day

TITLES = {
    NoticeKind.NOTICE: "关于限期整改网站与政务新媒体问题的通知",
    NoticeKind.URGE: "关于督办网站与政务新媒体问题整改的通知",
}
PROBLEMS = {
    NoticeKind.NOTICE: "一、存在的问题",
    NoticeKind.URGE: "一、未整改到位的问题",
}
DEMANDS, ANSWERS = "二、整改要求", "三、反馈与申诉"
CLOSING = "特此通知。"
FEEDBACK = "整改反馈表"


def opening(notice: Notice) -> str:
    """On what is the notice based, and of how many problems does it speak?"""
    number = len(notice.problems)
    if notice.kind is NoticeKind.NOTICE:
        bases = "、".join(dict.fromkeys(each.basis for each in notice.problems))
        return (
            f"依据{bases}，对你单位负责的网站栏目、信箱和政务新媒体进行了检查。"
            f"经人工核实，存在以下{number}个问题，现通知如下。"
        )
    earlier = dict.fromkeys(each for row in notice.problems for each in row.demands)
    told = "、".join(f"{each.number}（{chinese_day(each.on)}）" for each in earlier)
    asked = f"前以{told}要求你单位限期整改有关问题。" if told else ""
    return (
        f"{asked}截至{chinese_day(notice.issued_on)}，"
        f"仍有以下{number}个问题未整改到位，现予督办，通知如下。"
    )


def demands(notice: Notice) -> Iterator[str]:
    """By when, and how is it counted?"""
    yield (
        f"请于{chinese_day(notice.due)}前（含当日）完成以上{len(notice.problems)}个问题的整改。"
        "整改期限自本通知下发次日起算。"
    )
    yield (
        "请对照各问题所列依据和整改要求逐项落实，并自查同类栏目、信箱和账号，防止同类问题再次发生。"
    )


def answers(notice: Notice) -> Iterator[str]:
    """How to report back, and how to appeal?"""
    office = notice.sender.signature
    yield (
        f"整改完成后，请填写所附《{FEEDBACK}》，连同整改后的页面地址或截图报{office}。"
        "收到反馈后进行复查，复查合格的予以销号；未在期限内反馈的，按整改逾期处理。"
    )
    yield (
        f"对所列问题有异议的，请在整改期限内向{office}书面提出，写明问题编号和理由，附证明材料。"
        "申诉登记后整改期限停止计算，答复后继续计算；异议成立的，更正认定，不计入你单位。"
    )
    if notice.sender.contact:
        yield f"联系方式：{notice.sender.contact}。"
