"""Looking at a server's address: which addresses has its name, which certificate does it show?

These calls wait for the network and run in a thread. They connect only to an address that was
looked up and found allowed, by its number, so that a name cannot change its mind in between.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from OpenSSL import SSL, crypto

from checks.facts import Outcome
from crawler.guards import is_allowed
from crawler.outcome import failure_outcome
from crawler.readers.certificate import Handshake, ascii_host, is_number

Lookup = Callable[[str, socket.AddressFamily], list[str]]
RESOLVER = Path("/etc/resolv.conf")
TRIED = 3
_LEGACY_SERVER_CONNECT = 0x4
_NO_RECORD = frozenset(
    number
    for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY")
    if (number := getattr(socket, name, None)) is not None
)
_OLD = ("protocol version", "unsupported protocol", "legacy", "key too small", "no protocols")
LEGACY = "服务器只支持过时的加密协议或算法，本机未能与其建立安全连接"
NO_TLS = "未能建立安全连接"


class NotShownError(Exception):
    """Nothing was shown; `outcome` and `why` say what was met instead."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome
        self.why = why


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a name. `no_v6`: the resolver surely knows no IPv6 address of it."""

    v4: tuple[str, ...]
    v6: tuple[str, ...]
    no_v6: bool


def system_lookup(host: str, family: socket.AddressFamily) -> list[str]:
    """The addresses of one family that this machine's resolver knows. Raises socket.gaierror."""
    found = socket.getaddrinfo(host, None, family, socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def look_up(host: str, lookup: Lookup = system_lookup, resolver: Path = RESOLVER) -> Addresses:
    """Which addresses has this name? Raises NotShownError when it has none that we could find.

    That there is no IPv6 address is sure only where the resolver says so about a name that it
    knows, and is not set up to keep such addresses back.
    """
    name = ascii_host(host)
    v4, v4_error = _ask(lookup, name, socket.AF_INET)
    v6, v6_error = _ask(lookup, name, socket.AF_INET6)
    if not v4 and not v6:
        raise NotShownError(*failure_outcome("DNSLookupError"))
    no_v6 = bool(v4) and v4_error is None and v6_error in _NO_RECORD and not _keeps_back(resolver)
    return Addresses(tuple(v4), tuple(v6), no_v6)


def _ask(lookup: Lookup, name: str, family: socket.AddressFamily) -> tuple[list[str], int | None]:
    try:
        return lookup(name, family), None
    except socket.gaierror as error:
        return [], error.errno


def _keeps_back(resolver: Path) -> bool:
    try:
        lines = resolver.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(line.startswith("options") and "no-aaaa" in line.split() for line in lines)


def show_certificate(
    host: str, port: int, addresses: Addresses, networks: Sequence[str], seconds: float
) -> Handshake:
    """What does the server show to a visitor who asks for this host? Nothing is trusted or sent.

    Raises NotShownError, also where no address is allowed.
    """
    allowed = [each for each in (*addresses.v4, *addresses.v6) if is_allowed(each, networks)]
    if not allowed:
        raise NotShownError(*failure_outcome("AddressRefused"))
    failed: NotShownError | None = None
    for address in allowed[:TRIED]:
        try:
            return _shake(address, port, host, seconds)
        except NotShownError as error:
            failed = error
        except OSError as error:
            failed = NotShownError(*failure_outcome(type(error).__name__))
    raise failed or NotShownError(Outcome.UNREACHABLE, NO_TLS)


def _shake(address: str, port: int, host: str, seconds: float) -> Handshake:
    end = monotonic() + seconds
    errors: list[tuple[int, int]] = []

    def note(_conn: object, _cert: object, number: int, depth: int, _ok: int) -> bool:
        if number:
            errors.append((number, depth))
        return True

    with socket.create_connection((address, port), timeout=seconds) as sock:
        sock.setblocking(False)
        connection = SSL.Connection(_context(note), sock)
        if not is_number(host):
            connection.set_tlsext_host_name(ascii_host(host).encode("ascii"))
        connection.set_connect_state()
        _finish(connection, sock, end)
        chain = connection.get_peer_cert_chain() or []
        if not chain:
            raise NotShownError(Outcome.UNREACHABLE, NO_TLS)
        der = tuple(crypto.dump_certificate(crypto.FILETYPE_ASN1, each) for each in chain)
        return Handshake(der, tuple(errors), connection.get_protocol_version_name())


def _context(note: Callable[[object, object, int, int, int], bool]) -> SSL.Context:
    """As lenient as can be: what is old is told, and must not hide the certificate."""
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_default_verify_paths()
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
    context.set_options(_LEGACY_SERVER_CONNECT)
    context.set_verify(SSL.VERIFY_PEER, note)
    return context


def _finish(connection: SSL.Connection, sock: socket.socket, end: float) -> None:
    """Drive the handshake until it is done; a server that drips does not hold us up."""
    while True:
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            ready = select.select([sock], [], [], max(0.0, end - monotonic()))[0]
        except SSL.WantWriteError:
            ready = select.select([], [sock], [], max(0.0, end - monotonic()))[1]
        except SSL.Error as error:
            raise NotShownError(Outcome.UNREACHABLE, _tls_words(error)) from error
        else:
            return
        if not ready or monotonic() >= end:
            raise NotShownError(*failure_outcome("TimeoutError"))


def _tls_words(error: SSL.Error) -> str:
    told = str(error).lower()
    return LEGACY if any(words in told for words in _OLD) else NO_TLS
