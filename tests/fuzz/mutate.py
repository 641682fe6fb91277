"""Bytes changed by chance, one to seven times over; mostly small, so that many are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

LONGEST = 60_000
_ENCODINGS = ("gb18030", "utf-16", "utf-8-sig", "utf-16-be", "big5", "utf-7", "latin-1")

Change = Callable[[Random, bytes, Sequence[bytes], Sequence[str]], bytes]


def mutated(rng: Random, seeds: Sequence[bytes], bait: Sequence[str]) -> bytes:
    """One of the seeds after one to seven changes; once in fifty mere bytes without a seed."""
    if rng.random() < 0.02:
        return rng.randbytes(rng.choice((0, 1, 3, 40, 900)))
    body = rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 2, 2, 3, 5, 7))):
        body = rng.choices(_CHANGES, _WEIGHTS)[0](rng, body, seeds, bait)[:LONGEST]
    return body


def _piece(rng: Random, body: bytes, most: int) -> tuple[int, int]:
    start = rng.randrange(len(body) + 1)
    return start, min(len(body), start + rng.randrange(1, most))


def _insert(rng: Random, body: bytes, _seeds: Sequence[bytes], bait: Sequence[str]) -> bytes:
    at = rng.randrange(len(body) + 1)
    many = rng.choice((1, 1, 1, 1, 2, 9))
    return body[:at] + (rng.choice(bait) * many).encode(errors="surrogatepass") + body[at:]


def _replace(rng: Random, body: bytes, _seeds: Sequence[bytes], bait: Sequence[str]) -> bytes:
    start, end = _piece(rng, body, 30)
    return body[:start] + rng.choice(bait).encode(errors="surrogatepass") + body[end:]


def _between(rng: Random, body: bytes, _seeds: Sequence[bytes], bait: Sequence[str]) -> bytes:
    """What stands between two marks becomes bait: a cell, a title, a value."""
    starts = [at for at, byte in enumerate(body[:20_000]) if byte in b'>"']
    if not starts:
        return body
    start = rng.choice(starts) + 1
    ends = [at for mark in b'<"' if (at := body.find(bytes((mark,)), start)) >= 0]
    return body[:start] + rng.choice(bait).encode() + body[min(ends, default=start) :]


def _drop(rng: Random, body: bytes, _seeds: Sequence[bytes], _bait: Sequence[str]) -> bytes:
    start, end = _piece(rng, body, rng.choice((3, 60, 900)))
    return body[:start] + body[end:]


def _repeat(rng: Random, body: bytes, _seeds: Sequence[bytes], _bait: Sequence[str]) -> bytes:
    start, end = _piece(rng, body, rng.choice((4, 80, 400)))
    return body[:end] + body[start:end] * rng.choice((1, 2, 5, 40)) + body[end:]


def _cut(rng: Random, body: bytes, _seeds: Sequence[bytes], _bait: Sequence[str]) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _splice(rng: Random, body: bytes, seeds: Sequence[bytes], _bait: Sequence[str]) -> bytes:
    other = rng.choice(seeds)
    return body[: rng.randrange(len(body) + 1)] + other[rng.randrange(len(other) + 1) :]


def _flip(rng: Random, body: bytes, _seeds: Sequence[bytes], _bait: Sequence[str]) -> bytes:
    changed = bytearray(body)
    for _ in range(min(len(changed), rng.choice((1, 4, 30)))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _digits(rng: Random, body: bytes, _seeds: Sequence[bytes], _bait: Sequence[str]) -> bytes:
    """Other digits, so that days move, into the future and out of the calendar too."""
    changed = bytearray(body)
    places = [at for at, byte in enumerate(changed) if byte in b"0123456789"]
    for at in rng.sample(places, min(len(places), rng.choice((1, 3, 12)))):
        changed[at] = rng.choice(b"0123456789")
    return bytes(changed)


def _encode(rng: Random, body: bytes, _seeds: Sequence[bytes], _bait: Sequence[str]) -> bytes:
    return body.decode(errors="replace").encode(rng.choice(_ENCODINGS), errors="replace")


def _nest(rng: Random, body: bytes, _seeds: Sequence[bytes], _bait: Sequence[str]) -> bytes:
    many = rng.choice((5, 60, 700))
    tag = rng.choice((b"div", b"table", b"ul", b"b", b"item", b"a"))
    return b"<%s>" % tag * many + body + b"</%s>" % tag * rng.randrange(many + 1)


_CHANGES: Sequence[Change] = (
    *(_insert, _replace, _between, _drop, _repeat, _cut, _splice),
    *(_flip, _digits, _encode, _nest),
)
_WEIGHTS = (20, 15, 20, 8, 8, 5, 8, 8, 14, 3, 1)
