"""What a site's certificate and name are seen to be, on real TLS servers on loopback."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.facts import Observed, Outcome
from checks.freshness import local_day
from checks.owed import Answer, Case
from checks.rules import pack_texts, read_pack
from checks.transport import tls_valid
from checks.verdicts import DutyState
from crawler.handshake import NO_TLS, Addresses, NotShownError, look_up, show_certificate
from crawler.readers.certificate import certificate_facts
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import validate
from storage.ledger import Ledger
from tests.checks.make import site
from tests.crawler.certificates import Made, listening, make, showing
from tests.crawler.server import serving

HOST = "www.shili.gov.cn"
LOOPBACK = ("127.0.0.1/32",)
HERE = Addresses(("127.0.0.1",), (), False)
DUTIES = {duty.id: duty for duty in read_pack(pack_texts(["cn-2019"])["cn-2019"], "x").duties}
ROOT = make("示例根证书", authority=True)
MIDDLE = make("示例中间证书", issuer=ROOT, authority=True)


@pytest.fixture(autouse=True)
def trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our trust store holds the synthetic root and nothing else."""
    store = tmp_path / "trusted.pem"
    store.write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(store))


def seen(folder: Path, made: Made, *above: Made, host: str = HOST) -> dict[str, Any]:
    with showing(folder, made, *above) as port:
        return certificate_facts(show_certificate(host, port, HERE, LOOPBACK, 20), host)


def answer(facts: Mapping[str, Any], outcome: Outcome = Outcome.OK) -> Answer:
    subject = site(url=f"https://{HOST}/")
    look = Observed(subject.key, "tls", str(subject.url), now(), outcome, facts)
    return tls_valid(Case(subject, local_day(look.at), (look,)), DUTIES["tls_valid"])


def good(**how: Any) -> Made:
    return make(HOST, **{"issuer": MIDDLE, "names": (HOST, "shili.gov.cn"), **how})


def test_a_certificate_in_order_is_good(tmp_path: Path) -> None:
    facts = seen(tmp_path, good(), MIDDLE)
    assert (facts["matches"], facts["chain"]) == (True, "trusted")
    assert facts["protocol"] in ("TLSv1.2", "TLSv1.3")
    assert answer(facts).state is DutyState.MET


@pytest.mark.parametrize(
    ("names", "host", "matches"),
    [
        (("*.shili.gov.cn",), HOST, True),
        (("*.gov.cn",), HOST, False),
        (("*.shili.gov.cn",), "shili.gov.cn", False),
        (("WWW.SHILI.GOV.CN",), HOST, True),
        (("www.shili.gov.cn.example.cn",), HOST, False),
        ((), HOST, False),
        (("127.0.0.1",), "127.0.0.1", True),
        (("127.0.0.2",), "127.0.0.1", False),
        (("xn--fiq228c.shili.gov.cn",), "中文.shili.gov.cn", True),
    ],
)
def test_a_certificate_is_for_the_hosts_it_names(
    tmp_path: Path, names: tuple[str, ...], host: str, matches: bool
) -> None:
    assert seen(tmp_path, good(names=names), MIDDLE, host=host)["matches"] is matches


def test_an_expired_certificate_is_at_fault_whoever_issued_it(tmp_path: Path) -> None:
    ended, begun = now() - timedelta(hours=1), now() - timedelta(days=90)
    told = answer(seen(tmp_path, good(begins=begun, ends=ended), MIDDLE))
    assert told.state is DutyState.UNMET
    assert told.reason.startswith("证书已于")
    assert told.reason.endswith("过期")
    own = make(HOST, names=(HOST,), begins=begun, ends=ended)
    told = answer(seen(tmp_path, own))
    assert told.state is DutyState.UNMET
    assert told.reason.endswith("过期；另外，证书为自签名证书")


def test_a_certificate_of_another_host_is_at_fault(tmp_path: Path) -> None:
    told = answer(seen(tmp_path, good(names=("mail.shili.gov.cn",)), MIDDLE))
    assert told.state is DutyState.UNMET
    assert told.reason == f"证书所列域名（mail.shili.gov.cn）与网站域名{HOST}不符"
    assert told.faults == (f"https://{HOST}/：{told.reason}",)


def test_a_chain_that_we_cannot_follow_accuses_nobody(tmp_path: Path) -> None:
    stranger = make("陌生根证书", authority=True)
    chains = {
        "incomplete": seen(tmp_path, good()),
        "self_signed": seen(tmp_path, make(HOST, names=(HOST,))),
        "unknown_issuer": seen(tmp_path, good(issuer=stranger), stranger),
    }
    assert {name: facts["chain"] for name, facts in chains.items()} == {n: n for n in chains}
    assert {answer(facts).state for facts in chains.values()} == {DutyState.UNKNOWN}
    assert "没有发送完整的证书链" in answer(chains["incomplete"]).reason


def test_an_old_certificate_above_a_good_one_accuses_nobody(tmp_path: Path) -> None:
    begun, ended = now() - timedelta(days=90), now() - timedelta(days=1)
    middle = make("示例中间证书", issuer=ROOT, authority=True, begins=begun, ends=ended)
    facts = seen(tmp_path, good(issuer=middle), middle)
    assert facts["chain"] == "other"
    assert answer(facts).state is DutyState.UNKNOWN


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_an_old_protocol_is_told_and_accuses_nobody(tmp_path: Path) -> None:
    with showing(tmp_path, good(), MIDDLE, oldest=ssl.TLSVersion.TLSv1_1) as port:
        facts = certificate_facts(show_certificate(HOST, port, HERE, LOOPBACK, 20), HOST)
    told = answer(facts)
    assert told.state is DutyState.MET
    assert told.reason.endswith("加密协议TLSv1.1已过时")


def not_shown(port: int, addresses: Addresses = HERE, seconds: float = 20) -> NotShownError:
    with pytest.raises(NotShownError) as failed:
        show_certificate(HOST, port, addresses, LOOPBACK, seconds)
    return failed.value


def test_a_server_that_says_nothing_does_not_hold_us_up() -> None:
    with listening(None) as port:
        assert not_shown(port, seconds=0.3).why == "连接或读取超时"


def test_a_server_without_tls_shows_nothing() -> None:
    with serving({}) as server:
        assert not_shown(server.server_port).why == NO_TLS


def test_a_closed_port_and_an_inner_address_show_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = taken.getsockname()[1]
        assert not_shown(closed).outcome is Outcome.UNREACHABLE
        assert not_shown(closed, Addresses(("127.0.0.2",), (), False)).outcome is Outcome.REFUSED
        assert not_shown(closed, Addresses((), ("::1",), False)).outcome is Outcome.REFUSED


# Names


def lookup(v4: object, v6: object) -> Any:
    """A resolver that answers so, or fails with such a number."""

    def ask(host: str, family: socket.AddressFamily) -> list[str]:
        told = v4 if family == socket.AF_INET else v6
        if isinstance(told, int):
            raise socket.gaierror(told, "synthetic")
        assert isinstance(told, list)
        return told

    return ask


@pytest.mark.parametrize(
    ("v4", "v6", "known"),
    [
        (["203.0.113.7"], ["2001:db8::7"], Addresses(("203.0.113.7",), ("2001:db8::7",), False)),
        (["203.0.113.7"], socket.EAI_NODATA, Addresses(("203.0.113.7",), (), True)),
        (["203.0.113.7"], socket.EAI_NONAME, Addresses(("203.0.113.7",), (), True)),
        (["203.0.113.7"], socket.EAI_AGAIN, Addresses(("203.0.113.7",), (), False)),
        (["203.0.113.7"], socket.EAI_FAIL, Addresses(("203.0.113.7",), (), False)),
        (socket.EAI_AGAIN, ["2001:db8::7"], Addresses((), ("2001:db8::7",), False)),
    ],
)
def test_a_missing_address_is_sure_only_when_the_resolver_says_so(
    tmp_path: Path, v4: object, v6: object, known: Addresses
) -> None:
    assert look_up(HOST, lookup(v4, v6), tmp_path / "none") == known


def test_a_resolver_that_keeps_addresses_back_says_nothing(tmp_path: Path) -> None:
    conf = tmp_path / "resolv.conf"
    conf.write_text("nameserver 203.0.113.1\noptions edns0 no-aaaa\n")
    asked = lookup(["203.0.113.7"], socket.EAI_NODATA)
    assert look_up(HOST, asked, conf).no_v6 is False


def test_a_name_without_any_address_was_not_seen(tmp_path: Path) -> None:
    for number in (socket.EAI_NONAME, socket.EAI_AGAIN):
        with pytest.raises(NotShownError) as failed:
            look_up(HOST, lookup(number, number), tmp_path / "none")
        assert failed.value.outcome is Outcome.UNREACHABLE


# In a crawl


def crawled(folder: Path, home: str, networks: tuple[str, ...]) -> dict[str, Observed]:
    ledger = Ledger.open(f"sqlite:///{folder}/x.db", folder / "evidence")
    rows = {
        "unit": [{"id": "u", "name": "示例单位"}],
        "site": [{"id": "s", "name": "示例网站", "home": home, "unit": "u"}],
    }
    ledger.load_inventory(validate(rows, "x"), now())
    duties = frozenset({"tls", "ipv6"})
    jobs = [job for job in plan(ledger, ledger.inventory(), now(), duties=duties) if job.task]
    section = CrawlSection(delay_seconds=0, allow_private_networks=networks)
    crawl(ledger, jobs, section)
    held = ledger.observed(now(), ["site:s"])["site:s"]
    ledger.close()
    return {look.family: look for look in held}


def test_a_crawl_notes_certificate_and_name_with_the_certificate_as_evidence(
    tmp_path: Path,
) -> None:
    with showing(tmp_path, make("localhost", issuer=ROOT, names=("localhost",))) as port:
        home = f"https://localhost:{port}/"
        looks = crawled(tmp_path, home, LOOPBACK)
    tls, ipv6 = looks["tls"], looks["ipv6"]
    assert (tls.key, ipv6.key) == (home, home)
    assert (tls.outcome, tls.facts["chain"], tls.facts["matches"]) == (Outcome.OK, "trusted", True)
    assert tls.evidence is not None
    assert ipv6.outcome in (Outcome.OK, Outcome.REFUSED), "::1 is an inner address"


def test_a_crawl_connects_to_no_inner_address_that_is_not_allowed(tmp_path: Path) -> None:
    with listening(None) as port:
        looks = crawled(tmp_path, f"https://127.0.0.1:{port}/", ())
    assert looks["tls"].outcome is Outcome.REFUSED
    assert looks["ipv6"].facts == {"host": "127.0.0.1", "named": False}


def test_nothing_is_looked_at_when_no_duty_asks(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/x.db", tmp_path / "evidence")
    rows = {
        "unit": [{"id": "u", "name": "示例单位"}],
        "site": [{"id": "s", "name": "示例网站", "home": "https://www.shili.gov.cn", "unit": "u"}],
    }
    ledger.load_inventory(validate(rows, "x"), now())
    jobs = plan(ledger, ledger.inventory(), now(), duties=frozenset({"mark"}))
    ledger.close()
    assert [job.kind for job in jobs if job.kind == "transport"] == []
