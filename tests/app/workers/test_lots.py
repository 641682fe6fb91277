"""Which subjects are of one lot?"""

from __future__ import annotations

from app.workers.lots import lot_of, lots_of
from storage.inventory import validate

UNIT = {"id": "zfb", "name": "政府办"}
ACCOUNT = {"platform": "weibo", "unit": "zfb", "name": "账号"}


def test_all_hosts_below_one_registered_domain_are_of_one_lot() -> None:
    """They redirect to each other, and one process is to have all of them."""
    lots = {
        lot_of(url, 65_536)
        for url in (
            "https://www.haian.gov.cn/",
            "http://haian.gov.cn/a",
            "https://xxgk.haian.gov.cn:8443/list",
        )
    }
    assert len(lots) == 1
    assert lot_of("https://www.nantong.gov.cn/", 65_536) not in lots


def test_gov_cn_is_no_domain_of_one_office() -> None:
    towns = {lot_of(f"https://www.t{n}.gov.cn/", 65_536) for n in range(50)}
    assert len(towns) == 50


def test_a_bare_address_is_a_host_of_its_own() -> None:
    assert lot_of("http://10.1.2.3/", 65_536) != lot_of("http://10.1.2.4/", 65_536)
    assert lot_of("http://10.1.2.3:81/", 65_536) == lot_of("http://10.1.2.3/", 65_536)


def test_a_lot_never_changes_between_processes() -> None:
    """Two machines must agree; a hash that Python salts would not."""
    assert lot_of("https://www.haian.gov.cn/", 64) == 27


def test_everything_that_is_crawled_has_a_lot_and_nothing_else() -> None:
    """A mailbox that an export fills, an account entered by hand, an entry that shows another
    column's list: no page of theirs is opened."""
    site = {"id": "s", "name": "门户", "home": "https://www.a.gov.cn/", "unit": "zfb"}
    column = {"site": "s", "name": "栏目", "class": "news", "unit": "zfb"}
    box = {"site": "s", "name": "信箱", "unit": "zfb"}
    register = validate(
        {
            "unit": [UNIT],
            "site": [site],
            "column": [
                {**column, "id": "dt", "url": "https://www.a.gov.cn/dt/"},
                {**column, "id": "far", "url": "https://www.b.gov.cn/dt/"},
                {**column, "id": "entry", "url": "https://www.a.gov.cn/e/", "redirect_to": "dt"},
            ],
            "mailbox": [
                {**box, "id": "public", "url": "https://www.a.gov.cn/x/"},
                {**box, "id": "inner", "source": "export"},
            ],
            "account": [
                {**ACCOUNT, "id": "w", "source": "weibo", "url": "https://weibo.com/u/1"},
                {**ACCOUNT, "id": "m", "source": "manual"},
            ],
        },
        "test",
    )
    lots = lots_of(register, 65_536)
    assert {key: site for key, (_, site) in lots.items()} == {
        "site:s": "s",
        "column:dt": "s",
        "column:far": "s",
        "mailbox:public": "s",
        "account:w": None,
    }
    own = {lots[key][0] for key in ("site:s", "column:dt", "mailbox:public")}
    assert len(own) == 1
    assert lots["column:far"][0] not in own
