"""What the interface is, for programs: its OpenAPI document. And every other address under /api."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Response
from fastapi.openapi.utils import get_openapi

from app.web.api.answers import PREFIX, Route, answer, router
from app.web.api.guard import asks
from app.web.api.routes import accounts, assessment, findings, rules, standing
from app.web.guard import Guarded
from app.web.rights import Action

routes = router()
elsewhere = APIRouter(prefix=PREFIX, route_class=Route)
Own = Annotated[Guarded, asks(Action.SEE_OWN)]
TOLD = (
    *(standing.routes, findings.routes, rules.routes, accounts.routes, assessment.routes),
    routes,
)
ROUTERS = (*TOLD, elsewhere)


@cache
def document() -> dict[str, Any]:
    """The interface in OpenAPI, made from the routes themselves."""
    return get_openapi(
        title="巡检",
        version="1",
        description="与命令行 --format json 相同的内容。",
        routes=[route for each in TOLD for route in each.routes],
    )


@routes.get("/openapi.json", response_model=dict[str, Any], summary="本接口的 OpenAPI 文档")
def openapi(_visitor: Own) -> Response:
    """What can be asked, and what is answered? It names every field: only who may ask is told."""
    return answer(document())


@elsewhere.get("/{rest:path}", include_in_schema=False)
def nothing(_visitor: Own) -> Response:
    """Nothing is here; an address that ends in a stroke is not sent on to another."""
    raise HTTPException(404)
