"""The network limit: fetch every address of a file, keep nothing.

python -m tests.bench_crawl.limit FILE
"""

from __future__ import annotations

import socket
import sys
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit


def fetch(host: str, port: int, paths: list[str]) -> None:
    """One connection, one request after another."""
    with socket.create_connection((host, port)) as line:
        for path in paths:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            held = b""
            while b"\r\n\r\n" not in held:
                held += line.recv(65536)
            head, _, body = held.partition(b"\r\n\r\n")
            _, _, length = head.lower().partition(b"content-length:")
            left = int(length.split(b"\r\n")[0]) - len(body)
            while left > 0:
                left -= len(line.recv(65536))


def main(addresses: list[str]) -> None:
    hosts = defaultdict(list)
    for address in addresses:
        parts = urlsplit(address)
        hosts[parts.hostname or "", parts.port or 80].append(parts.path)
    for (host, port), paths in hosts.items():
        fetch(host, port, paths)


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text().split())
