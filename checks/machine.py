"""What do probes and checks say of indicators that no verdict is counted for?

(国办秘函〔2019〕19号 W2 站点无法访问; W5 未提供网上有效咨询建言渠道; W6 服务不实用)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.availability_duty import site_measure
from checks.channel import channels_standing
from checks.judge import Bench, Facts
from checks.owed import DutyRow
from checks.rules import Pack
from checks.services import services_standing
from checks.sites import Found, Measure
from checks.subjects import SubjectKind
from checks.verdicts import Judgement

OPEN_SITE, CHANNEL = "W2", "W5a"
SERVICES = ("W6a", "W6b", "W6c")
AVAILABILITY = "availability"


def found_by_machine(pack: Pack, bench: Bench, facts: Facts) -> dict[str, Found]:
    """What was measured or found of each site, by its key? Nothing where nothing was."""
    duties: dict[str, list[DutyRow]] = {}
    for row in bench.duties:
        if row.duty.pack == pack.name and row.subject.site is not None:
            duties.setdefault(f"{SubjectKind.SITE}:{row.subject.site}", []).append(row)
    columns: dict[str, list[Judgement]] = {}
    for column in bench.rows:
        if column.subject.kind is SubjectKind.COLUMN and column.inherits is None:
            columns.setdefault(f"{SubjectKind.SITE}:{column.subject.site}", []).append(column)
    return {
        key: Found(_measures(rows, facts, bench), _answers(rows, columns.get(key, ())))
        for key, rows in duties.items()
    }


def _measures(rows: Sequence[DutyRow], facts: Facts, bench: Bench) -> Mapping[str, Measure]:
    duty = next((row.duty for row in rows if row.duty.about == AVAILABILITY), None)
    site = rows[0].subject.site or ""
    if duty is None:
        return {}
    measure = site_measure(site, facts.probes.get(site, ()), duty, bench.moment.as_of)
    return {} if measure is None else {OPEN_SITE: measure}


def _answers(rows: Sequence[DutyRow], columns: Sequence[Judgement]) -> Mapping[str, bool]:
    """True is a fault, False none; what is not known is left out."""
    services = zip(SERVICES, services_standing(columns, rows), strict=True)
    known = ((CHANNEL, channels_standing(rows)), *services)
    return {name: answer for name, answer in known if answer is not None}
