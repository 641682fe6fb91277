"""A body as it was before it was packed for the way: whole, and never larger than was asked for."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

import brotli
from backports import zstd
from scrapy.exceptions import IgnoreRequest

MOST_LAYERS = 3  # no server packs twice on purpose; a third time is a proxy's mistake at most
_CHUNK = 64 * 1024
_GZIP, _ZLIB, _BARE = 31, zlib.MAX_WBITS, -zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
# What RFC 8878 asks a decoder to support. A frame may ask for gigabytes.
_ZSTD_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}


class DownloadTooLarge(IgnoreRequest):
    """The body is larger than `max_bytes`, as sent or once decompressed."""


class UndecodableBody(IgnoreRequest):
    """The body is not packed as its headers say, or was cut off before its end."""


def unpacked(body: bytes, encodings: Sequence[str], most: int) -> bytes:
    """The body without these packings, the first one listed being the outermost.

    A body that was cut off is refused: rows that are missing would be held against somebody.
    Raises DownloadTooLarge beyond `most` bytes, of any layer, and UndecodableBody.
    """
    if len(encodings) > MOST_LAYERS:
        raise UndecodableBody(f"packed {len(encodings)} times")
    for encoding in encodings:
        try:
            body = _UNPACK[encoding](body, most)
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            raise UndecodableBody(f"not {encoding}: {error}") from error
        if len(body) > most:
            raise DownloadTooLarge(f"more than {most} bytes once unpacked from {encoding}")
    return body


def _gunzipped(body: bytes, most: int) -> bytes:
    """Several members in a row are one body; what else follows is no part of it."""
    found = b""
    while not found or (body.startswith(_GZIP_MAGIC) and len(found) <= most):
        part, body = _inflated(body, most - len(found), _GZIP)
        found += part
        if not body:
            break
    return found


def _deflated(body: bytes, most: int) -> bytes:
    """Some servers leave out the head that the standard asks for."""
    try:
        return _inflated(body, most, _ZLIB)[0]
    except zlib.error:
        return _inflated(body, most, _BARE)[0]


def _inflated(body: bytes, most: int, wbits: int) -> tuple[bytes, bytes]:
    """At most one byte more than `most`, and what follows the packed part."""
    packer = zlib.decompressobj(wbits)
    found = packer.decompress(body, most + 1)
    if len(found) <= most and not packer.eof:
        raise EOFError("cut off")
    return found, packer.unused_data


def _unbrotlied(body: bytes, most: int) -> bytes:
    packer = brotli.Decompressor()
    found = bytearray(packer.process(body, output_buffer_limit=_CHUNK))
    while not packer.is_finished() and len(found) <= most:
        part = packer.process(b"", output_buffer_limit=_CHUNK)
        if not part:
            raise EOFError("cut off")
        found += part
    return bytes(found)


def _unzstd(body: bytes, most: int) -> bytes:
    found = b""
    while body and len(found) <= most:
        packer = zstd.ZstdDecompressor(options=_ZSTD_WINDOW)
        found += packer.decompress(body, most - len(found) + 1)
        if len(found) <= most and not packer.eof:
            raise EOFError("cut off")
        body = packer.unused_data
    return found


_UNPACK: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "br": _unbrotlied,
    "zstd": _unzstd,
}
