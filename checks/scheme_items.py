"""Items (评分项): how one `[[item]]` row of a scheme is read, and what may not stand together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from checks.rule_table import COLUMN_CLASSES, SEVERITIES
from checks.scheme_fields import (
    ABOVE_ZERO,
    BELOW_ZERO,
    NUMBER,
    SHARE,
    TEXT,
    TEXTS,
    WHOLE,
    Fields,
    Kind,
    number,
    number_of,
    one_of,
    some_of,
)
from checks.scheme_table import LEVELS, PER, Item, Select, Step
from checks.subjects import SubjectKind

SOURCES = tuple(PER)
# What a unit answers for: what the operator owes is never among it.
UNIT_SEVERITIES = tuple(word for word in SEVERITIES if word != "operator")
ENTERED = "entered"
PRICES = ("points", "step_by_days")
ADDING = (*PRICES, "cap", "grace", "least", "blank")
STEPS_EXPECTED = (
    "steps below 0 such as [[1, 5, -0.1], [6, 'null', -0.2]] without a gap, the last without end"
)

Row = Mapping[str, object]


def read_item(row: Row, where: str, faults: list[str]) -> Item:
    """One `[[item]]` row. What is wrong with it is added to `faults`; then it must not be used."""
    fields = Fields(row, where, faults)
    id_, name, section = (fields.need(each, TEXT) for each in ("id", "name", "section"))
    source = _source(fields)
    if source == "entry" and row["entry"] is not True:
        fields.wrong("entry", "true, or the field left out")
    per = fields.need("per", one_of(*PER[source]))
    item = Item(
        id=id_,
        name=name,
        section=section,
        per=per,
        select=_select(fields, source),
        event=fields.need("event", one_of("urged")) if source == "event" else None,
        entry=source == "entry",
        measure=fields.need("measure", TEXT) if source == "measure" else None,
        running=_running(fields, source, per),
    )
    effect = fields.may("effect", one_of("add", "set_to"))
    item = _setting(fields, item) if effect == "set_to" else _adding(fields, item, source)
    fields.end()
    return item


def _setting(fields: Fields, item: Item) -> Item:
    fields.barred(ADDING, "an item with effect = 'set_to' has a value alone")
    if item.measure is not None:
        fields.fault("effect: no measure sets the score; expected a gate")
    return replace(item, set_to=fields.need("value", NUMBER), grade=fields.may("grade", TEXT))


def _adding(fields: Fields, item: Item, source: str) -> Item:
    """The item with its price, and the cap, the grace and the months' threshold around it."""
    fields.barred(("value", "grade"), "expected only beside effect = 'set_to'")
    item = _priced(fields, item, source)
    cap = fields.may("cap", NUMBER)
    numbers = (item.points, *(each for _, each in item.levels), *(s.points for s in item.steps))
    if cap is not None and (
        cap == 0 or any((cap < 0) != (each < 0) for each in numbers if each is not None)
    ):
        fields.wrong("cap", "a number with the sign of the points, not 0")
    item = replace(item, cap=cap, grace=_grace(fields, source))
    if source != "measure" or item.per != "month":
        fields.barred(("least", "blank"), "expected only beside a measure per month")
        return item
    least, blank = fields.need("least", WHOLE), fields.may("blank", BELOW_ZERO)
    return replace(item, least=int(least), blank=blank)


def _source(fields: Fields) -> str:
    """Which of the four feeds the item? The first named, after the fault of naming none or two."""
    named = [source for source in SOURCES if source in fields.data]
    # A lifecycle event may say whose findings it counts.
    if named in (["select", "event"],):
        return "event"
    if len(named) != 1:
        found = " and ".join(named) or "none"
        fields.fault(f"fed by {found}; expected exactly one of {', '.join(SOURCES)}")
        fields.asked.update(SOURCES)
        return named[0] if named else "select"
    fields.asked.add(named[0])
    return named[0]


def _select(fields: Fields, source: str) -> Select | None:
    raw = fields.data.get("select")
    fields.asked.add("select")
    if raw is None:
        return None
    if source not in ("select", "event") or not isinstance(raw, dict):
        fields.wrong("select", "a table such as { rule = 'news_2w', state = 'confirmed' }")
        return None
    inner = Fields(raw, f"{fields.where}: select", fields.faults)
    found = Select(
        pack=inner.may("pack", TEXTS) or (),
        rule=inner.may("rule", TEXTS) or (),
        severity=inner.may("severity", some_of(*UNIT_SEVERITIES)) or (),
        kind=inner.may("kind", some_of(*SubjectKind)) or (),
        column_class=inner.may("class", some_of(*COLUMN_CLASSES)) or (),
    )
    inner.need("state", one_of("confirmed"))
    inner.end()
    if not {"pack", "rule", "severity", "kind", "class"} & raw.keys():
        inner.fault("selects every finding; expected pack, rule, severity, kind or class")
    return found


def _running(fields: Fields, source: str, per: str) -> bool:
    if source != "select":
        fields.barred(("when",), "expected only where an item selects findings")
        return False
    running = (fields.may("when", one_of("opened", "running")) or "opened") == "running"
    if per in ("day", "week") and not running:
        fields.fault(f"per = '{per}': expected when = 'running' beside it")
    return running


def _priced(fields: Fields, item: Item, source: str) -> Item:
    steps = "step_by_days" in fields.data
    if steps == ("points" in fields.data):
        fields.fault("expected either points or step_by_days")
        fields.asked.update(PRICES)
        return item
    if steps and (source != "select" or item.per in ("day", "week")):
        fields.barred(("step_by_days",), "expected only where findings are counted one by one")
        return item
    if steps:
        return replace(item, steps=fields.need("step_by_days", STEPS))
    if source == "entry":
        return _entered(fields, item)
    gives = source == "measure" and item.per == "item"
    return replace(item, points=fields.need("points", ABOVE_ZERO if gives else BELOW_ZERO))


def _entered(fields: Fields, item: Item) -> Item:
    raw = fields.data["points"]
    if isinstance(raw, dict):
        return replace(item, levels=fields.need("points", BY_LEVEL))
    if raw == ENTERED:
        fields.asked.add("points")
        return replace(item, entered=True)
    return replace(item, points=fields.need("points", NOT_ZERO))


def _grace(fields: Fields, source: str) -> Decimal | None:
    if source != "select":
        fields.barred(("grace",), "expected only where an item selects findings")
        return None
    raw = fields.data.get("grace")
    fields.asked.add("grace")
    if raw is None:
        return None
    if not isinstance(raw, dict):
        fields.wrong("grace", "a table such as { fixed_before_deadline = 0.5 }")
        return None
    inner = Fields(raw, f"{fields.where}: grace", fields.faults)
    factor = inner.need("fixed_before_deadline", SHARE)
    inner.end()
    return factor


def _levels_of(value: object) -> tuple[tuple[str, Decimal], ...] | None:
    if not isinstance(value, dict) or not value or not value.keys() <= LEVELS.keys():
        return None
    found = [(level, number_of(value[level])) for level in LEVELS if level in value]
    numbers = [points for _, points in found if points]
    one_sign = len({points < 0 for points in numbers}) == 1
    if len(numbers) < len(found) or not one_sign:
        return None
    return tuple((level, points) for level, points in found if points is not None)


def _steps_of(value: object) -> tuple[Step, ...] | None:
    """Steps that follow each other from the first day on, the last one without an end."""
    if not isinstance(value, list) or not value:
        return None
    found: list[Step] = []
    for row in value:
        step = _step_of(row)
        begins = 1 if not found else (found[-1].last or 0) + 1
        if step is None or step.first != begins or (found and found[-1].last is None):
            return None
        found.append(step)
    return tuple(found) if found[-1].last is None else None


def _step_of(row: object) -> Step | None:
    if not isinstance(row, list) or len(row) != 3 or type(row[0]) is not int:
        return None
    last, points = row[1], number_of(row[2])
    if points is None or points >= 0:
        return None
    if last == "null":  # TOML has no null of its own
        return Step(row[0], None, points)
    return Step(row[0], last, points) if type(last) is int and last >= row[0] else None


NOT_ZERO = number("a number other than 0, a table by level, or 'entered'", lambda n: n != 0)
BY_LEVEL: Kind[tuple[tuple[str, Decimal], ...]] = Kind(
    f"numbers of one sign by level ({', '.join(LEVELS)})", _levels_of, ()
)
STEPS: Kind[tuple[Step, ...]] = Kind(STEPS_EXPECTED, _steps_of, ())
