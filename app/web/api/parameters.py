"""The parameters of the routes: those of the commands, and how much of a long list is given."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Query, Request
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

USUAL, MOST = 1000, 10_000
FARTHEST = 100_000  # no command lists more
LAST = 2**31 - 1
# Of years long past arithmetic has no days before.
YEAR = "(19|[2-9][0-9])[0-9]{2}"
DAY = re.compile(f"{YEAR}-[0-9]{{2}}-[0-9]{{2}}")
NUMBER = re.compile(r"-?[0-9]{1,10}")


def _day(given: Any) -> date:
    """2026-11-23 and nothing else: a number would be read as seconds."""
    if not (isinstance(given, str) and DAY.fullmatch(given)):
        raise ValueError("not a day")
    return date.fromisoformat(given)


def _number(given: Any) -> int:
    if isinstance(given, str) and NUMBER.fullmatch(given):
        return int(given)
    if isinstance(given, int):
        return given
    raise ValueError("not a number")


Whole = BeforeValidator(_number)
# What is not given is None; nothing that can be written in an address is.
Nothing = SkipJsonSchema[None]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{DAY.pattern}$"}),
]
AsOf = Annotated[
    Day | Nothing,
    Query(description="判定日，默认今天；以后的日子为推算。"),
]
Site = Annotated[str | Nothing, Query(max_length=64, description="只看一个网站（编号）。")]
Unit = Annotated[str | Nothing, Query(max_length=64, description="只看一个单位（编号）。")]
Subject = Annotated[str | Nothing, Query(max_length=200, description="只看一个对象（种类:编号）。")]
Watched = Annotated[str, Path(max_length=200, examples=["column:dt"], description="对象的编号。")]
Rule = Annotated[str, Path(max_length=200, examples=["news_2w"], description="指标的编号。")]
Pack = Annotated[str, Path(max_length=200, examples=["haian"], description="指标集的名称。")]
Limit = Annotated[int, Field(ge=1, le=MOST), Whole, Query(description="至多给出多少条。")]
Offset = Annotated[int, Field(ge=0, le=FARTHEST), Whole, Query(description="跳过前面多少条。")]
Id = Annotated[int, Field(ge=1, le=LAST), Whole, Path(examples=[1], description="问题编号。")]
Year = Annotated[int, Field(ge=1900, le=9999), Whole, Query(examples=[2026], description="年度。")]
Period = Annotated[
    str | Nothing,
    Query(
        pattern=f"^{YEAR}(Q[1-4]|H[12]|-[0-9]{{2}}|W[0-9]{{2}})?$",
        examples=["2026Q3"],
        description="如 2026、2026Q4、2026-11、2026W47；默认最近30天。",
    ),
]
Cycle = Annotated[
    str,
    Query(
        pattern=f"^{YEAR}(Q[1-4]|H[12])?$",
        examples=["2026Q3"],
        description="2026Q4、2026H1 或 2026。",
    ),
]
PageHeader: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Link": {
                "description": '后面还有时，为下一页的地址，rel="next"。',
                "schema": {"type": "string"},
            }
        }
    }
}


def next_page(request: Request, limit: int, offset: int, *, more: bool) -> dict[str, str]:
    """The header that says where the rest is; none where this is all."""
    if not more:
        return {}
    given = {**request.query_params, "limit": limit, "offset": offset + limit}
    return {"Link": f'<{request.url.path}?{urlencode(given)}>; rel="next"'}
