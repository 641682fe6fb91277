"""How the JSON interface answers: a command's document, or a refusal in words; never a page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from app.show import json_text
from storage.database import DatabaseError

log = logging.getLogger("xunjian.web")
PREFIX = "/api"
VERSION = f"{PREFIX}/v1"
EXPECTED: Mapping[str, str] = {
    "as_of": "应为日期，如 2026-11-23",
    "limit": "应为 1 至 10000 的整数",
    "offset": "应为 0 至 100000 的整数；更早的请按单位或对象查询",
    "id": "应为问题编号，整数",
    "year": "应为四位年份，如 2026",
    "period": "应为周期，如 2026Q4、2026H1、2026；发布情况另可为 2026-11、2026W47",
}
WORDS: Mapping[int, str] = {
    401: "没有密钥，或者密钥无效。",
    403: "持有人的角色不能进行这项操作。",
    404: "没有这一项，或者不属于持有人的单位。",
    405: "这个地址不能这样请求。",
    422: "参数有误。",
    429: "密钥错误次数过多。",
    500: "程序内部错误，已记入日志。",
    503: "正在为其他请求计算，请稍后再试。",
}
NO_DATABASE = "数据库暂时不能使用，请稍后再试。持续如此的，请运维人员运行 xunjian doctor。"


class Refused(BaseModel):
    """Why there is no document."""

    model_config = ConfigDict(extra="forbid")

    detail: str


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refused, "description": words} for status, words in WORDS.items()
}


class Route(APIRoute):
    """A route whose every refusal is JSON, and which takes no parameter that it does not know.

    A misspelt `as_off` must not be answered with the present day.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        follow = super().get_route_handler()
        known = frozenset(each.alias for each in self.dependant.query_params)

        async def handle(request: Request) -> Response:
            try:
                request.state.known = known
                return await follow(request)
            except HTTPException as error:
                return refusal(error)
            except RequestValidationError as error:
                return refusal(HTTPException(422, "；".join(_told(error.errors()))))
            except DatabaseError as error:
                log.error("%s: %s", request.url.path, error)  # how it is reached is for the log
                return refusal(HTTPException(503, NO_DATABASE))
            except Exception:
                log.exception("%s could not be answered", request.url.path)
                return refusal(HTTPException(500, WORDS[500]))

        return handle


def router() -> APIRouter:
    """A part of the interface."""
    return APIRouter(
        prefix=VERSION,
        route_class=Route,
        responses=REFUSALS,
        generate_unique_id_function=lambda route: route.name,
    )


def answer(document: Any, headers: Mapping[str, str] | None = None) -> Response:
    """A command's document, written as the command writes it."""
    body = json_text(document).encode()
    return Response(body, media_type="application/json", headers=dict(headers or {}))


def only_known(request: Request) -> None:
    """Does the request name nothing but its route's parameters, each once? Raises HTTPException."""
    known: frozenset[str] = request.state.known
    given = [name for name, _ in request.query_params.multi_items()]
    if unknown := sorted(set(given) - known):
        raise HTTPException(422, f"没有这样的参数：{'、'.join(unknown)[:200]}")
    if len(given) != len(set(given)):
        raise HTTPException(422, "同一个参数只能给出一次。")


def is_ours(request: Request) -> bool:
    """Is it the JSON interface that is asked?"""
    path = request.url.path
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def refusal(error: HTTPException) -> Response:
    """A refusal in the one form that all have."""
    words = error.detail
    if error.status_code in (404, 405) and words == HTTPStatus(error.status_code).phrase:
        words = WORDS[error.status_code]
    made = answer({"detail": words}, error.headers)
    made.status_code = error.status_code
    return made


def _told(faults: Sequence[Any]) -> list[str]:
    """Each parameter at fault once, with what was expected."""
    names = dict.fromkeys(str(fault["loc"][1]) for fault in faults)
    return [f"{name}：{EXPECTED.get(name, '不合要求')}" for name in names]
