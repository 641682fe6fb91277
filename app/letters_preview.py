"""What an export would change, told to the person who brings it before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from app.letters_import import Import, changes
from checks.calendar import Limit
from checks.facts import Letter
from checks.rules import LIST, Law
from checks.subjects import Subject
from storage.sheets import told_heads
from storage.templates import fields_of
from storage.uploads.letters import WORDS

MOST = 20
FIELD_WORDS = {
    "received_on": WORDS["received"],
    "accepted_on": WORDS["accepted"],
    "replied_on": WORDS["replied"],
    "unit": WORDS["unit"],
    "status": WORDS["status"],
    "answered": "是否答复",
    "category": WORDS["category"],
    "extended_to": WORDS["extended_to"],
    "extension": "延期批准",
}
TOLD = {None: "（空）", True: "是", False: "否"}


def preview(prepared: Import, law: Law, today: date) -> Iterator[str]:
    """The lines that a person reads before saying --apply."""
    yield f"信箱：{prepared.subject.name}（{prepared.subject.key}）"
    yield f"文件：{prepared.sighting.note}"
    yield f"情况截至：{prepared.sighting.shown_to}（导出日期）"
    words = fields_of("letters")
    taken = "；".join(f"{h} → {words[f]}" for f, h in prepared.template.columns.items())
    yield f"取用的列：{taken}"
    yield f"不取的列：{told_heads(prepared.ignored) or '（无）'}"
    yield summary(prepared)
    yield from _most([_change(before, after) for before, after in prepared.changed])
    if prepared.lost:
        yield "以前导出中尚未答复、本次没有的来信，此后情况不明，不作判定："
        yield from _most([letter.ref for letter in prepared.lost])
    if "category" in prepared.template.columns:
        yield from _categories(prepared.letters, prepared.subject, law, today)
    extended = [each for each in prepared.letters if each.extended_to is not None]
    if extended:
        yield f"经批准延期的来信{len(extended)}封："
        yield from _most([f"{x.ref} 延期至 {x.extended_to}，{x.extension}" for x in extended])
    if remarks := prepared.read.remarks:
        yield f"请核对（{len(remarks)}处）："
        yield from _most(remarks)


def summary(prepared: Import) -> str:
    """How many letters, in one line?"""
    count = len(prepared.letters)
    new, changed = len(prepared.new), len(prepared.changed)
    return (
        f"来信{count}封：新增{new}，变更{changed}，未变{count - new - changed}；"
        f"以前导出中未答复而本次没有的{len(prepared.lost)}封"
    )


def _change(before: Letter, after: Letter) -> str:
    told = (
        f"{FIELD_WORDS[name]} {_value(getattr(before, name))} → {_value(getattr(after, name))}"
        for name in changes(before, after)
    )
    return f"{after.ref}：{'；'.join(told)}"


def _value(value: object) -> str:
    return TOLD[value] if value is None or isinstance(value, bool) else str(value)


def _categories(
    letters: Iterable[Letter], subject: Subject, law: Law, today: date
) -> Iterator[str]:
    """Each category of the file with its limit, and which have none of their own."""
    own = dict(subject.categories)
    rules = [rule for rule in law.applying_to(subject, today) if rule.of != LIST]
    general = "、".join(dict.fromkeys(rule.limit_for(subject).chinese for rule in rules))
    counted = Counter(letter.category for letter in letters)
    yield "类别和时限："
    for category, count in counted.most_common():
        if category in own:
            limit = Limit.parse(own[category]).chinese
        else:
            limit = f"{general or '没有适用的时限'}（未单独规定）"
        yield f"  {category or '（空）'}{count}封：{limit}"
    without = [each for each in counted if each is not None and each not in own]
    if without:
        yield f"登记册“分类时限”中没有的类别，按信箱时限计：{'、'.join(without)}"


def _most(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:MOST])
    if len(lines) > MOST:
        yield f"  另有{len(lines) - MOST}处未列出"
