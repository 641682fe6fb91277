"""Bodies that mean harm: bombs in every packing, and pages made to keep a parser busy."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from functools import partial

import brotli
from backports import zstd

MIB = 2**20
ZEROS = bytes(MIB)
ROWS = "".join(
    f"<li><a href='/a/{n}.html'>关于做好第{n}号工作的通知</a><span>2026-11-{n:02d}</span></li>"
    for n in range(10, 20)
)


def whole(body: str) -> str:
    return f"<html><!-- synthetic --><head><title>示例</title></head><body>{body}</body></html>"


LIST = whole(f"<ul class='list'>{ROWS}</ul>")


def zlib_bomb(mebibytes: int, wbits: int) -> bytes:
    """So many MiB of zeros: gzip (31), zlib (15) or bare deflate (-15)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join([*(packer.compress(ZEROS) for _ in range(mebibytes)), packer.flush()])


def brotli_bomb(mebibytes: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join([*(packer.process(ZEROS) for _ in range(mebibytes)), packer.finish()])


def zstd_bomb(mebibytes: int) -> bytes:
    packer = zstd.ZstdCompressor()
    return b"".join([*(packer.compress(ZEROS) for _ in range(mebibytes)), packer.flush()])


def packed_bombs(mebibytes: int) -> dict[str, tuple[str, bytes]]:
    """Content-Encoding and body by name."""
    gzipped = zlib_bomb(mebibytes, 31)
    return {
        "gzip-bomb": ("gzip", gzipped),
        "zlib-bomb": ("deflate", zlib_bomb(mebibytes, 15)),
        "deflate-bomb": ("deflate", zlib_bomb(mebibytes, -15)),
        "br-bomb": ("br", brotli_bomb(mebibytes)),
        "zstd-bomb": ("zstd", zstd_bomb(mebibytes)),
        "nested-bomb": ("gzip, gzip", gzip.compress(gzipped)),
        "mixed-bomb": (
            "deflate, gzip, br",
            brotli.compress(gzip.compress(zlib.compress(ZEROS * 64))),
        ),
    }


def layered(times: int) -> bytes:
    """An honest page, packed so often."""
    body = LIST.encode()
    for _ in range(times):
        body = gzip.compress(body)
    return body


def rows_of(count: int) -> str:
    """A list of so many rows, the newest first."""
    row = "<li><a href='/a/{0}.html'>关于示例事项第{0}号的通知</a><span>2026-11-{1:02}</span></li>"
    return whole(f"<ul>{''.join(row.format(n, 28 - n * 28 // count) for n in range(count))}</ul>")


def nested(depth: int, tag: str = "div") -> str:
    return whole(f"{f'<{tag}>' * depth}示例 2026-11-20{f'</{tag}>' * depth}")


def laughs(levels: int = 12) -> str:
    """Entities that stand for ten of the next: a page of tera bytes in a few lines."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f'<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY e0 "哈哈">{entities}]>'


def feed(prolog: str, title: str) -> str:
    item = f"<item><title>{title}</title><link>/a/1.html</link><pubDate>2026-11-20</pubDate></item>"
    return f'{prolog}<rss version="2.0"><!-- synthetic --><channel>{item}</channel></rss>'


def datastore(prolog: str, title: str) -> str:
    row = f"<li><a href='/art/2026/11/20/art_7_1.html'>{title}</a><span>2026-11-20</span></li>"
    return (
        f"{prolog}<datastore><!-- synthetic --><totalrecord>1</totalrecord><recordset>"
        f"<record><![CDATA[{row}]]></record></recordset></datastore>"
    )


OUTSIDE = '<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY x SYSTEM "{}">]>'
QUADRATIC = f'<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY x "{"哈" * 50_000}">]>'


def chunks(parts: Iterator[bytes] | list[bytes]) -> Iterator[bytes]:
    """Parts as chunks of a transfer that names no length."""
    for part in parts:
        yield f"{len(part):x}\r\n".encode() + part + b"\r\n"


Bait = Callable[[int], str]


def filled(piece: str, size: int) -> str:
    return whole(piece * (size // len(piece.encode()) + 1))


BAITS: dict[str, Bait] = {
    "brackets": lambda size: "<" * size,
    "quotes": lambda size: "<a href='" + "\"'" * (size // 2),
    "open-tables": partial(filled, "<table><tr><td>示例<a href='x'>标题文字"),
    "half-dates": partial(filled, "2024年 "),
    "dates": partial(filled, "2024-06-05 "),
    "comments": partial(filled, "<!-- "),
    "blanks": lambda size: whole("<p>发布时间" + " " * size + "2024-06-05</p>"),
    "scripts": partial(filled, "<script>location.href = '"),
    "refreshes": partial(filled, '<meta http-equiv="refresh" content="0'),
    "json": lambda size: whole("<script>var list=" + "[" * size + "</script>"),
    "datastores": partial(filled, "<datastore><recordset><record><![CDATA["),
    "attributes": lambda size: whole("<a " + "x='" * (size // 3)),
}
