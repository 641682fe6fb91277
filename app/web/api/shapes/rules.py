"""The rules, duties, indicators and scoring of the packs."""

from __future__ import annotations

from typing import Any

from app.rule_views import RULE_FIELDS
from app.web.api.shapes.base import Number, Shape, many, maybe, mirrored
from checks.duty_table import Duty
from checks.indicators import Indicator, Scale
from checks.rule_table import Rule

RuleShapes: Any = many(mirrored(Rule, Number, tuple(RULE_FIELDS)))
DutyShapes: Any = many(mirrored(Duty, Number))
IndicatorShapes: Any = many(mirrored(Indicator, Number))
ScaleShape: Any = maybe(mirrored(Scale, Number))


class Rules(Shape):
    """`xunjian rules list`, and `xunjian rules show` of rows of one id."""

    rules: RuleShapes
    duties: DutyShapes
    indicators: IndicatorShapes


class PackDocument(Rules):
    """`xunjian rules show` of a whole pack."""

    pack: str
    version: str
    title: str
    scoring: ScaleShape
