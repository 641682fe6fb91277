"""What does a certificate say? What the server sent in, the facts of `checks.transport` out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import idna
from cryptography import x509
from service_identity import CertificateError, VerificationError
from service_identity.cryptography import verify_certificate_hostname, verify_certificate_ip_address

from checks.transport import Chain

NAMES_KEPT = 20
NAME_CHARS = 100
# Numbers of OpenSSL's verification errors.
_OF_TIME = (9, 10)
_SELF_SIGNED_LEAF, _NO_ISSUER = 18, (2, 19, 20, 21)


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a server showed: its chain (DER, its own certificate first), the errors that OpenSSL
    saw in it as (number, depth), and the protocol agreed on.
    """

    chain: tuple[bytes, ...]
    errors: tuple[tuple[int, int], ...]
    protocol: str


def certificate_facts(shown: Handshake, host: str) -> dict[str, Any]:
    """The facts of the server's own certificate. Raises ValueError when it cannot be read."""
    certificate = x509.load_der_x509_certificate(shown.chain[0])
    return {
        "https": True,
        "host": host,
        "matches": _matches(certificate, host),
        "names": _names(certificate),
        "not_before": _instant(certificate.not_valid_before_utc),
        "not_after": _instant(certificate.not_valid_after_utc),
        "chain": _chain(shown.errors, len(shown.chain)),
        "protocol": shown.protocol,
    }


def _chain(errors: Iterable[tuple[int, int]], length: int) -> Chain:
    # The own certificate's time is judged by its own words; an old one above it is our matter.
    numbers = {number for number, depth in errors if depth or number not in _OF_TIME}
    if not numbers:
        return Chain.TRUSTED
    if _SELF_SIGNED_LEAF in numbers:
        return Chain.SELF_SIGNED
    if numbers & set(_NO_ISSUER):
        return Chain.INCOMPLETE if length == 1 else Chain.UNKNOWN_ISSUER
    return Chain.OTHER


def _matches(certificate: x509.Certificate, host: str) -> bool:
    try:
        if is_number(host):
            verify_certificate_ip_address(certificate, host)
        else:
            verify_certificate_hostname(certificate, ascii_host(host))
    except (VerificationError, CertificateError):
        return False
    return True


def ascii_host(host: str) -> str:
    """A host as it is written on the wire. Raises ValueError for what is none."""
    return host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")


def is_number(host: str) -> bool:
    """Is this host a bare address and no name?"""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _names(certificate: x509.Certificate) -> Sequence[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    numbers = map(str, found.get_values_for_type(x509.IPAddress))
    names = [*found.get_values_for_type(x509.DNSName), *numbers]
    return [name[:NAME_CHARS] for name in names[:NAMES_KEPT]]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
