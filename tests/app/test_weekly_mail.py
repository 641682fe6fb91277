"""The Monday report as the office receives it: one mail a week, with its two documents."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.home import Home
from app.weekly import mail_weekly
from storage.database import connect
from storage.inventory import read_toml
from tests.app.test_bad_input import SETTINGS, UNIT, site


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    folder = tmp_path / "50% of the way?#"
    folder.mkdir()
    folder.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    return Home(folder)


def test_the_report_is_mailed_once_a_week_with_word_and_excel(home: Home) -> None:
    from storage.clock import now

    settings, ledger = home.settings(), home.open_ledger()
    ledger.load_inventory(read_toml(UNIT + site("http://127.0.0.1:9"), "test"), now())
    mail_weekly(home, settings, ledger)
    mail_weekly(home, settings, ledger)
    ledger.close()
    (path,) = home.path("outbox").glob("*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert str(message["To"]) == "office@example.cn"
    assert str(message["Subject"]).startswith("【巡检周报】")
    attached = [str(part.get_filename()) for part in message.iter_attachments()]
    assert [Path(name).suffix for name in attached] == [".docx", ".xlsx"]
    html = message.get_body(("html",))
    assert html is not None
    assert "网站与新媒体合规周报" in html.get_content()


def test_a_plain_postgresql_address_means_the_driver_that_comes_along() -> None:
    for url in ("postgresql://u@127.0.0.1/x", "postgres://u@127.0.0.1/x"):
        engine = connect(url)
        assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "psycopg")
        engine.dispose()
