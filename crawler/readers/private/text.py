"""Masks over running text: labelled values, numbers, mail addresses, and names persons give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from checks.marks import MOBILE, NARROW, is_identity_number
from crawler.dates import full_dates
from crawler.readers.mail.words import field_of, labelled_from
from crawler.readers.private.words import LABELS, MASK, SURNAMES, Kind, is_nobody, kind_of_label

_HAN = "[\u4e00-\u9fff]"
_BLANK = r"[ \t\u3000\xa0]"
_MOST_NAMES = 500
_SHORT = frozenset("电话 地址 住址 邮箱 微信 用户 手机 内容 正文 昵称 称呼".split())
# A value ends where the next label begins; possessive, so that no part of a label is a value.
_VALUES = {
    Kind.NAME: r"[^\s:：,，;；。|｜/\[\]【】<>()（）]{1,20}+(?!\s{0,2}[:：])",
    Kind.PHONE: r"[0-9０-９*＊+＋(（)）—\-－ ]{5,24}+",
    Kind.IDENTITY: r"[0-9０-９A-Za-z*＊()（）]{5,24}+",
    Kind.MAIL: r"[\w.*\-]{4,40}+(?:@[\w.\-]{3,40}+)?",
    Kind.ADDRESS: r"(?:(?!\s\s|\w{2,8}\s?[:：])[^\n|｜<>]){2,60}+",
}
_MAIL = re.compile(
    r"[A-Za-z0-9_][\w.+-]{0,60}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{2,60}){1,4}", re.A
)
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{14}(?:[0-9]{2}[0-9Xx])?(?![0-9A-Za-z])")
_SELF_NAMED = re.compile(
    rf"(?:我叫|我的名字[是叫])(?P<called>{_HAN}{{2,4}}?)(?=[\s，,。.、；;！!（(住是来家今现]|$)"
    rf"|(?:本人|我是|我系)(?P<own>[{SURNAMES}]{_HAN}{{1,2}})(?=[\s，,。.、；;！!（(]|$)"
    rf"|(?P<styled>[{SURNAMES}]{_HAN}{{1,2}})(?=(?:先生|女士|小姐|同志|师傅))"
)
# What numbers a letter is no number of a person, whatever it looks like.
_NUMBERS_A_LETTER = re.compile(
    r"(?:编号|单号|受理号|流水号|信件号|查询[码号]|序号|文号|案号)\W{0,3}$"
)
_PROVINCES = frozenset("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46".split()) | (
    frozenset("50 51 52 53 54 61 62 63 64 65 71 81 82".split())
)
_BORN = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def _label_words(kind: Kind) -> str:
    words = sorted(LABELS[kind].split(), key=len, reverse=True)
    spaced = [f"{_BLANK}{{0,3}}".join(map(re.escape, word)) for word in words]
    guarded = [
        f"(?<!{_HAN}){said}" if w in _SHORT else said for w, said in zip(words, spaced, strict=True)
    ]
    return "|".join(guarded)


_LABELLED = {
    kind: re.compile(
        rf"(?P<label>(?:{_label_words(kind)}){_BLANK}{{0,3}}[:：]\s{{0,4}})(?P<value>{value})", re.I
    )
    for kind, value in _VALUES.items()
}
_TEXT_LABEL = re.compile(rf"(?:{_label_words(Kind.TEXT)}){_BLANK}{{0,3}}[:：]\s{{0,4}}")


@dataclass(slots=True)
class Masker:
    """Masks texts of one page and counts what it masked, each place once.

    `kept` are numbers of letters, which stay; `names` are names found on the page, which are
    masked wherever they stand.
    """

    kept: frozenset[str] = frozenset()
    names: re.Pattern[str] | None = None
    counts: Counter[Kind] = field(default_factory=Counter)

    def with_names(self, names: Iterable[str]) -> Masker:
        """The same tally, with these names masked too."""
        words = sorted(set(names), key=lambda name: (-len(name), name))[:_MOST_NAMES]
        found = re.compile("|".join(map(re.escape, words))) if words else self.names
        return Masker(self.kept, found, self.counts)

    def mask(self, kind: Kind) -> str:
        """What stands in the place of a value."""
        self.counts[kind] += 1
        return MASK

    def text(self, text: str) -> str:
        """The text without what it says of persons; dates and numbers of letters stay."""
        text = self._own_words(text)
        for kind, pattern in _LABELLED.items():
            text = pattern.sub(self._labelled(kind), text)
        if "@" in text:
            text = _MAIL.sub(lambda _: self.mask(Kind.MAIL), text)
        text = self.numbers(text)
        text = _SELF_NAMED.sub(self._self_named, text)
        if self.names is not None:
            text = self.names.sub(lambda _: self.mask(Kind.NAME), text)
        return text

    def _own_words(self, text: str) -> str:
        """Of a text that labels the letter's own words, all up to the next label of a field."""
        mark = _TEXT_LABEL.search(text)
        if mark is None:
            return text
        end = labelled_from(text, mark.end())
        value = text[mark.end() : end]
        if not value.strip() or is_nobody(value) or field_of(value):
            return text
        return f"{text[: mark.end()]}{self.mask(Kind.TEXT)} {text[end:]}".rstrip()

    def _labelled(self, kind: Kind) -> Callable[[re.Match[str]], str]:
        def masked(match: re.Match[str]) -> str:
            value = match["value"].strip()
            if is_no_value(value) or (kind is Kind.PHONE and sum(map(str.isdigit, value)) < 5):
                return match[0]
            return match["label"] + self.mask(kind) + _trailing(match["value"])

        return masked

    def numbers(self, text: str) -> str:
        """The text without numbers of mobile phones and identity cards of either form."""
        narrow = text.translate(NARROW)
        found = [
            (*m.span(), Kind.IDENTITY)
            for m in _LONG_NUMBER.finditer(narrow)
            if is_identity_number(m[0]) or _is_old_identity(m[0])
        ]
        found += [(*m.span(1), Kind.PHONE) for m in MOBILE.finditer(narrow)]
        for start, end, kind in sorted(found, reverse=True):
            if not self._numbers_a_letter(narrow, start, end):
                text = text[:start] + self.mask(kind) + text[end:]
        return text

    def _numbers_a_letter(self, narrow: str, start: int, end: int) -> bool:
        number = narrow[start:end]
        if any(number in ref for ref in self.kept):
            return True
        return _NUMBERS_A_LETTER.search(narrow[max(start - 12, 0) : start]) is not None

    def _self_named(self, match: re.Match[str]) -> str:
        name = match["called"] or match["own"] or match["styled"]
        return match[0].replace(name, self.mask(Kind.NAME))


def names_in(text: str) -> list[str]:
    """The names that this text labels."""
    found = [match["value"].strip() for match in _LABELLED[Kind.NAME].finditer(text)]
    return [name for name in found if not is_no_value(name)]


def is_no_value(value: str) -> bool:
    """Is this, beside a label, no value of a person: a date, another label, or nobody?"""
    return (
        is_nobody(value)
        or field_of(value) is not None
        or kind_of_label(value) is not None
        or value.endswith((":", "："))
        or bool(full_dates(value))
    )


def labels_own_words(text: str) -> bool:
    """Does this text begin with a label of the letter's own words?"""
    return _TEXT_LABEL.match(text) is not None


def _is_old_identity(number: str) -> bool:
    """A number of the old form: 15 digits, of a province and with a birthday."""
    return (
        len(number) == 15 and number[:2] in _PROVINCES and _BORN.fullmatch(number[6:12]) is not None
    )


def _trailing(value: str) -> str:
    return value[len(value.rstrip()) :]
