"""The service in parts: each is stopped and started anew while the others go on."""

from __future__ import annotations

import json
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from app.home import Home
from app.web.entry import begin
from app.web.guard import COOKIE
from app.web.rights import Role
from storage.clock import now
from tests.app.run import called
from tests.app.service.test_serve import said, service
from tests.app.web.visiting import enter_people
from tests.notify.test_smtp import free_port

# No task runs: what is shown is that every part answers.
SETTINGS = """\
[schedule]
cycle = ""
weekly = ""
probe = ""
deliver = ""
quarterly = ""
halfyear = ""
upkeep = ""
"""


class Part:
    """Where one of them answers, and to whom: a person who came in once."""

    def __init__(self, url: str, secret: str) -> None:
        self.port, self.secret = free_port(), secret
        self.environment = {"XUNJIAN_DATABASE_URL": url, "XUNJIAN_WEB__PORT": str(self.port)}

    def answers(self, path: str) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.port}{path}"
        asked = urllib.request.Request(url, headers={"Cookie": f"{COOKIE}={self.secret}"})
        try:
            with urllib.request.urlopen(asked) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    def is_well(self) -> bool:
        code, words = self.answers("/healthz")
        return code == 200 and json.loads(words)["faults"] == []


def ended(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(20)


def test_each_part_is_started_anew_while_the_other_answers(tmp_path: Path, pg_url: str) -> None:
    tmp_path.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    home = Home(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XUNJIAN_DATABASE_URL", pg_url)
        ledger = home.open_ledger()
    enter_people(ledger)
    clerk = ledger.person(Role.CLERK)
    assert clerk is not None
    secret = begin(ledger, clerk, now()).secret
    plan, pages = Part(pg_url, secret), Part(pg_url, secret)
    with service(home, "--only", "scheduler", **plan.environment) as scheduler:
        with service(home, "--only", "pages", **pages.environment) as first:
            for process in (scheduler, first):
                said(process.stderr, "answering on 127.0.0.1")
            assert [pages.answers("/findings")[0], plan.answers("/findings")[0]] == [200, 404]
            told = [part.answers("/metrics")[1] for part in (pages, plan)]
            assert ["xunjian_database_bytes" in each for each in told] == [False, True]
            assert ["xunjian_info" in each for each in told] == [True, True]
            assert [pages.is_well(), plan.is_well()] == [True, True]
            assert ended(first) == 0
        assert plan.is_well()
        with service(home, "--only", "pages", **pages.environment) as anew:
            said(anew.stderr, "answering on 127.0.0.1")
            # Who came in before is still in.
            assert [pages.answers("/findings")[0], plan.is_well()] == [200, True]
            assert ledger.lease("service") is not None
            assert ended(scheduler) == 0
            assert ledger.lease("service") is None
            assert [pages.answers("/findings")[0], pages.is_well()] == [200, True]
            assert ended(anew) == 0
    ledger.close()


def test_parts_do_not_write_one_log_file(tmp_path: Path) -> None:
    tmp_path.joinpath("settings.toml").write_text("[log]\nfile = 'x.log'\n", encoding="utf-8")
    for words in (("serve", "--only", "pages"), ("serve", "--only", "scheduler"), ("worker",)):
        ran = called(*words, home=tmp_path)
        assert (ran.code, ran.err.startswith("[log] file 只能由一个进程写入")) == (2, True)
    assert not tmp_path.joinpath("x.log").exists()
