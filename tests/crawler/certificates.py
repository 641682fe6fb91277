"""Certificates made for a test, and servers on loopback that show them. All are synthetic."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from storage.clock import now


@dataclass(frozen=True)
class Made:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def make(
    name: str,
    *,
    issuer: Made | None = None,
    authority: bool = False,
    names: Sequence[str] = (),
    begins: datetime | None = None,
    ends: datetime | None = None,
) -> Made:
    """A certificate that runs from yesterday for sixty days; without an issuer it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(issuer.certificate.subject if issuer else own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins or now() - timedelta(days=1))
        .not_valid_after(ends or now() + timedelta(days=60))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
    )
    if names:
        told = [x509.IPAddress(ip_address(n)) if n[0].isdigit() else x509.DNSName(n) for n in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(told), critical=False)
    return Made(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


@contextmanager
def showing(
    folder: Path, made: Made, *above: Made, oldest: ssl.TLSVersion | None = None
) -> Iterator[int]:
    """The port of a server that shows this chain; `oldest`: it speaks nothing newer than that."""
    with listening(context_of(folder, made, *above, oldest=oldest)) as port:
        yield port


def context_of(
    folder: Path, made: Made, *above: Made, oldest: ssl.TLSVersion | None = None
) -> ssl.SSLContext:
    """What a server needs to show this chain."""
    chain, key = folder / f"{id(made)}.pem", folder / f"{id(made)}.key"
    chain.write_bytes(b"".join(each.pem for each in (made, *above)))
    key.write_bytes(made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    if oldest is not None:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = oldest
    return context


@contextmanager
def listening(context: ssl.SSLContext | None) -> Iterator[int]:
    """The port of a server; without a context it takes connections and says nothing."""
    server = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            held.append(client)
            if context is not None:
                try:
                    held.append(context.wrap_socket(client, server_side=True))
                except (ssl.SSLError, OSError):
                    client.close()

    Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        for each in held:
            each.close()
