"""Is a row of a pack in order, whichever of its tables it stands in?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

CONFIDENCE = ("A", "B", "C", "X")
PROVENANCE = ("clause", "source", "confidence")


def key_faults(row: Mapping[str, Any], required: set[str], optional: set[str]) -> list[str]:
    """Which fields are missing from a row of a pack, or unknown?"""
    faults = [f"missing {name}" for name in sorted(required - row.keys())]
    return faults + [f"unknown field {name}" for name in sorted(row.keys() - required - optional)]


def text_faults(row: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Which of these texts are none, and is the row's provenance in order?"""
    faults = [
        f"{name}: {row[name]!r}; expected a text"
        for name in names
        if name in row and (not isinstance(row[name], str) or not row[name].strip())
    ]
    if row.get("confidence", "A") not in CONFIDENCE:
        faults.append(f"confidence: {row['confidence']!r}; expected one of {', '.join(CONFIDENCE)}")
    if not isinstance(row.get("verified", True), bool):
        faults.append(f"verified: {row['verified']!r}; expected true or false")
    elif row.get("verified") and row.get("confidence") == "C":
        faults.append("verified: true; a recollection (confidence C) is not verified")
    return faults
