"""The office's own term lists (词表): CSV rows of kind, term and advice."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from checks.marks import MarkKind, Term, plain_width

HEAD = ("kind", "term", "advice")
KINDS = {str(kind): kind for kind in (MarkKind.WORDING, MarkKind.LEADER)}
LEAST_CHARS, MOST_CHARS = 2, 50


class TermsError(ValueError):
    """A term list cannot be used; the message names each line and what was expected."""


def read_terms(text: str, where: str) -> tuple[Term, ...]:
    """Which terms does this list hold? `where` names the file.

    Raises TermsError with every fault: file, line, what was expected, what was found.
    """
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    terms: dict[tuple[str, str], tuple[Term, int]] = {}
    faults: list[str] = []
    try:
        head = next(reader, [])
        if tuple(cell.strip() for cell in head) != HEAD:
            said = ",".join(head)
            raise TermsError(f"{where} 第1行：应为 {','.join(HEAD)}，所给为 {said!r}")
        for row in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            if wrong := _row_fault(row):
                faults.append(f"{where} 第{line}行：{wrong}")
                continue
            kind, word, advice = (cell.strip() for cell in row)
            first = terms.setdefault(
                (kind, plain_width(word)), (Term(KINDS[kind], word, advice), line)
            )[1]
            if first != line:
                faults.append(f"{where} 第{line}行：term {word!r} 与第{first}行重复")
    except csv.Error as error:
        faults.append(f"{where} 第{reader.line_num}行：不是合法的 CSV：{error}")
    if faults:
        raise TermsError("\n".join(faults))
    return tuple(term for term, _ in terms.values())


def _row_fault(row: Sequence[str]) -> str | None:
    if len(row) != len(HEAD):
        return f"应有 {len(HEAD)} 列（{','.join(HEAD)}），所给为 {len(row)} 列"
    kind, word = row[0].strip(), row[1].strip()
    if kind not in KINDS:
        return f"kind 应为 {'、'.join(KINDS)} 之一，所给为 {kind!r}"
    if not LEAST_CHARS <= len(word) <= MOST_CHARS:
        return f"term 应为 {LEAST_CHARS} 至 {MOST_CHARS} 个字，所给为 {word!r}"
    return None
