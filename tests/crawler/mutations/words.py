"""Days and words that synthetic pages are made of, in the manner of public notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

TODAY = date(2026, 11, 22)
_OLDEST = date(2009, 1, 1)

Form = Callable[[date], str]

SITES = ("示例市人民政府", "示例县人民政府门户网站", "示例市水务局", "示例区教育局网站")
COLUMNS = ("通知公告", "政务动态", "工作动态", "政策文件", "人事信息", "公示公告", "部门信息")
OFFICES = (
    "示例市人民政府办公室",
    "示例县财政局",
    "示例市水务局",
    "示例区教育局",
    "本站",
    "示例日报",
)
AUTHORS = ("张某某", "办公室", "管理员", "示例融媒")
_VERBS = ("开展", "做好", "印发", "公布", "加强", "组织", "调整", "规范", "推进", "落实")
_THINGS = (
    "安全生产专项检查",
    "农村公路养护工作",
    "行政许可事项目录",
    "河道清淤整治",
    "义务教育招生入学",
    "政府投资项目审计",
    "社会保险费缓缴",
    "防汛抗旱应急预案",
    "老旧小区改造",
    "公共资源交易监管",
)
_KINDS = ("的通知", "的公告", "的公示", "的意见", "情况的报告", "实施方案", "的通报")
_NUMERALS = "〇一二三四五六七八九"


def some_day(rng: Random, latest: date = TODAY) -> date:
    """A day between 2009 and `latest`; every tenth one is `latest` or close to it."""
    if rng.random() < 0.1:
        return latest - timedelta(days=rng.randrange(4))
    return latest - timedelta(days=rng.randrange((latest - _OLDEST).days))


def other_day(rng: Random, day: date) -> date:
    """Another day, before or after this one, of the same age or much older."""
    step = rng.choice((1, 3, 12, 40, 200, 900, 4000)) + rng.randrange(5)
    other = day + timedelta(days=rng.choice((-step, -step, step)))
    return max(other, date(1996, 1, 1))


def title(rng: Random, number: int, dated: bool = True) -> str:
    """A title that no other number has; some name a day or a year, as `dated` allows."""
    kind = rng.random()
    what = f"{rng.choice(_VERBS)}{rng.choice(_THINGS)}第{number}批{rng.choice(_KINDS)}"
    day = some_day(rng)
    if dated and kind < 0.08:
        return f"{rng.choice(SITES[:2])}{day.year}年{day.month}月{day.day}日起{what}"
    if kind < 0.3:
        return f"关于{day.year}年度{what}"
    if kind < 0.36:
        return f"示政发〔{day.year}〕{rng.randrange(1, 90)}号 关于{what}"
    if kind < 0.5:
        return f"{rng.choice(SITES)}{what}"
    return f"关于{what}"


def full_forms(rng: Random) -> Form:
    """One way of writing a whole day in a line of text, its clock time apart."""
    return rng.choice(_FULL)


def _padded(mark: str) -> Form:
    return lambda day: f"{day.year}{mark}{day.month:02}{mark}{day.day:02}"


def _bare(mark: str) -> Form:
    return lambda day: f"{day.year}{mark}{day.month}{mark}{day.day}"


def _wide(text: str) -> str:
    return "".join([chr(ord(char) + 0xFEE0) if char in "0123456789-/" else char for char in text])


def numeral_day(day: date, zero: str = "〇") -> str:
    """二〇二六年十一月二十二日"""
    year = "".join([_NUMERALS[int(digit)] for digit in str(day.year)]).replace("〇", zero)
    return f"{year}年{_counted(day.month)}月{_counted(day.day)}日"


def _counted(number: int) -> str:
    tens, units = divmod(number, 10)
    ten = ("", "十", "二十", "三十")[tens]
    return ten + (_NUMERALS[units] if units else "")


_FULL: tuple[Form, ...] = (
    *[_padded("-")] * 6,
    *[_padded("/")] * 2,
    *[_padded(".")] * 2,
    _bare("-"),
    _bare("/"),
    _bare("."),
    lambda day: f"{day.year}年{day.month:02}月{day.day:02}日",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year} 年 {day.month} 月 {day.day} 日",
    lambda day: f"{day.year}年{day.month}月{day.day}号",
    lambda day: f"{day.year} - {day.month:02} - {day.day:02}",
    lambda day: _wide(f"{day.year}-{day.month:02}-{day.day:02}"),
    lambda day: _wide(f"{day.year}年{day.month}月{day.day}日"),
    lambda day: f"{day.year}\u200b-{day.month:02}-\ufeff{day.day:02}",
    lambda day: f"{day.year}&nbsp;年&nbsp;{day.month}&nbsp;月&nbsp;{day.day}&nbsp;日",
    numeral_day,
    lambda day: numeral_day(day, "○"),
    lambda day: numeral_day(day, "Ｏ"),
    lambda day: numeral_day(day, "零"),
)


def clock(rng: Random, written: str) -> str:
    """A clock time as it may follow a day written like this; none after a day in words."""
    hour, minute, second = rng.randrange(24), rng.randrange(60), rng.randrange(60)
    if written[0] in _NUMERALS:
        return ""
    if written.endswith("日") and rng.random() < 0.3:
        return f" {hour:02}时{minute:02}分"
    week = rng.choice(("星期三 ", "上午 ", "")) if hour < 12 and rng.random() < 0.2 else ""
    blank = rng.choice((" ", " ", " ", "&#32;", "&nbsp;", "&nbsp;&nbsp;", "\u3000", "\n"))
    return f"{blank}{week}" + rng.choice(
        (
            f"{hour:02}:{minute:02}",
            f"{hour}:{minute:02}",
            f"{hour:02}:{minute:02}:{second:02}",
            f"{hour:02}:{minute:02}:{second:02}.0",
            f"{hour:02}∶{minute:02}",
        )
    )


def with_clock(rng: Random, form: Form, day: date, share: float = 0.3) -> str:
    """This day in this form, with a clock time in `share` of the cases."""
    written = form(day)
    return written + clock(rng, written) if rng.random() < share else written
