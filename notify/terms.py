"""The clerk's words for what the tables hold."""

from __future__ import annotations

from checks.duty_table import Duty
from checks.handling import STATE_WORDS
from checks.indicators import Indicator
from checks.rules import Rule
from checks.subjects import Subject, SubjectKind
from checks.verdicts import LetterVerdict, Verdict
from notify.words import KIND_WORDS

VERDICTS = {
    Verdict.OK: "正常",
    Verdict.DUE_SOON: "临期",
    Verdict.OVERDUE: "超期",
    Verdict.BLANK: "空白",
    Verdict.UNDATED: "未标日期",
    Verdict.EXEMPT: "豁免",
    Verdict.UNKNOWN: "未判定",
}

LETTERS = {
    LetterVerdict.WAITING: "待答复",
    LetterVerdict.OVERDUE: "逾期未答复",
    LetterVerdict.PROVISIONAL: "期限暂定",
    LetterVerdict.ANSWERED_IN_TIME: "按期答复",
    LetterVerdict.ANSWERED_LATE: "逾期答复",
}

STATES = STATE_WORDS

MAIL_STATES = {"queued": "待发", "sent": "已发出", "dead": "无法投递"}

CLASSES = {
    "news": "动态新闻",
    "notice": "通知公告",
    "policy_doc": "政策文件",
    "interpretation": "政策解读",
    "catalog": "公开目录",
    "overview": "概况信息",
    "leader": "领导信息",
    "institution": "机构职能",
    "plan": "规划计划",
    "personnel": "人事信息",
    "statistics": "统计数据",
    "interview": "在线访谈",
    "survey": "征集调查",
    "special": "专题专栏",
    "service": "办事服务",
    "other": "其他",
}

UNIT_KINDS = {"department": "部门", "town": "区镇", "other": "其他"}

PLATFORMS = {
    "wechat": "微信公众号",
    "weibo": "微博",
    "douyin": "抖音",
    "kuaishou": "快手",
    "toutiao": "今日头条",
    "shipinhao": "微信视频号",
    "app": "移动客户端",
    "miniprogram": "小程序",
    "other": "其他",
}


def kind_word(key: str, subject: Subject | None = None) -> str:
    """What is a subject called before its name? An account by its platform: a unit may have one of
    the same name on each. `key` is a subject's, for one that is no longer registered."""
    platform = (subject.platform if subject else None) or "other"
    if subject is not None and subject.kind is SubjectKind.ACCOUNT and platform != "other":
        return PLATFORMS.get(platform, KIND_WORDS[subject.kind])
    return KIND_WORDS[SubjectKind(key.partition(":")[0])]


def told_apart(subject: Subject) -> str | None:
    """Which word tells an account from others of its name? None: of no account, or none does."""
    return PLATFORMS.get(subject.platform or "") if subject.kind is SubjectKind.ACCOUNT else None


SOURCES = {
    "feed": "订阅源",
    "weibo": "微博公开页",
    "wechat_api": "公众号接口",
    "page": "公开网页",
    "csv": "后台导出",
    "manual": "人工登记",
}


UNVERIFIED = "未经核实"


def sure_clause(row: Rule | Duty | Indicator) -> str:
    """The clause; where the row is not verified it says so."""
    if row.verified or UNVERIFIED in row.clause:
        return row.clause
    return f"{row.clause}（{UNVERIFIED}）"
