"""The `[workers]` section of settings.toml: is the crawl shared out, and at what pace?"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class WorkersSection(BaseModel):
    """`enabled`: the scheduler crawls nothing itself, `xunjian worker` does, on PostgreSQL.

    The register is divided into `lots` by the hosts; a job looks at what is due in one, at most
    `subjects_per_job`. A subject is looked at every `every_hours`, near its limit twice as often,
    one that stays the same up to half as often: never so seldom that nothing could be said of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = False
    lots: Annotated[int, Field(ge=1, le=65_536)] = 64
    every_hours: Annotated[float, Field(gt=0, le=24)] = 24
    subjects_per_job: Annotated[int, Field(ge=1, le=100_000)] = 2000

    @property
    def every(self) -> timedelta:
        return timedelta(hours=self.every_hours)
