"""How much of the links is looked at: the `[links]` section of settings.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class LinksSection(BaseModel):
    """`per_site_per_day` bounds the links of one site that are looked at in a day, and the
    requests that one host is asked for them; 0: none. A target that was good is not asked again
    for `reuse_days`. `pages_per_site` columns of a site are read for their links each day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    per_site_per_day: Annotated[int, Field(ge=0, le=10_000)] = 200
    reuse_days: Annotated[int, Field(ge=1, le=30)] = 7
    pages_per_site: Annotated[int, Field(ge=0, le=100)] = 5


DEFAULT_LINKS = LinksSection()
