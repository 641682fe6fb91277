"""This machine: disk, permissions, secrets in files, fonts, time zone, browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IRWXG, S_IRWXO, S_IWOTH

from app.doctor.check import Check
from app.home import Home
from app.settings import Settings
from checks.freshness import SHANGHAI
from crawler.render import browser_path, missing_for_render
from notify.documents.charts import chinese_font
from storage.clock import now
from storage.ledger import Ledger
from storage.logs import secrets

GIB = 2**30
MIN_FREE_BYTES = GIB
MIN_DAYS_LEFT = 30
GROWTH_DAYS = 30
START_SECONDS = 30
ENVIRONMENT_FILE = Path("/etc/xunjian/xunjian.env")
BEIJING = timedelta(hours=8)


def here(home: Home) -> Iterator[Check]:
    """What can be said of the machine without the database."""
    yield _time_zone()
    yield _fonts()
    if home.folder.is_dir():
        yield _permissions(home, ENVIRONMENT_FILE)
        yield _secrets(home)


def _time_zone() -> Check:
    local = now().astimezone(SHANGHAI)
    right = local.utcoffset() == BEIJING
    note = f"北京时间 {local:%Y-%m-%d %H:%M}；判定和计划均按北京时间，本机时区不影响"
    if not right:
        note = f"时区数据有误：Asia/Shanghai 与 UTC 相差 {local.utcoffset()}，请更新 tzdata"
    return Check("时区", right, note)


def _fonts() -> Check:
    family = chinese_font()
    lack = "未找到中文字体，报告中不附图表：请安装 fonts-wqy-zenhei 或 fonts-noto-cjk"
    return Check("字体", family is not None, family or lack)


def _permissions(home: Home, environment_file: Path) -> Check:
    """May others change what decides, or read what is secret?"""
    names = ("", "settings.toml", "inventory.toml", "xunjian.db", "packs", "schemes", "holidays")
    paths = [path for name in names if (path := home.path(name)).exists()]
    faults = [f"{path} 任何用户可写" for path in paths if path.stat().st_mode & S_IWOTH]
    if environment_file.exists() and environment_file.stat().st_mode & (S_IRWXG | S_IRWXO):
        faults.append(f"{environment_file} 含有密码，权限应为 0600")
    note = "；".join(faults) or "数据目录和设置文件只有指定的用户可写"
    return Check("权限", not faults, note)


def _secrets(home: Home) -> Check:
    """Does a file of the home directory hold what belongs into the environment alone?"""
    held = secrets()
    found = [
        name
        for name in ("settings.toml", "inventory.toml")
        if (path := home.path(name)).is_file()
        and any(secret in path.read_text("utf-8", errors="replace") for secret in held)
    ]
    note = f"{'、'.join(found)} 中写有密码，请删去并更换密码；密码只从环境变量读取"
    return Check("密码", not found, note if found else "设置文件和登记册中没有密码")


def disk(home: Home) -> Iterator[Check]:
    """How much is free, how large is the evidence, and for how many days is there room?"""
    free = shutil.disk_usage(home.folder).free
    size, growth = _evidence(home.path("evidence"), now())
    note = f"剩余 {free / GIB:.1f} GB；证据 {size / GIB:.2f} GB"
    days = free // growth if growth else None
    if days is not None:
        note += f"，近{GROWTH_DAYS}天平均每天增加 {growth / 2**20:.1f} MB，约可用 {days} 天"
    enough = free >= MIN_FREE_BYTES and (days is None or days >= MIN_DAYS_LEFT)
    yield Check("磁盘", enough, note if enough else f"{note}：请扩充磁盘，或按保存期限清理")


def _evidence(folder: Path, present: datetime) -> tuple[int, int]:
    """Bytes in all, and bytes a day of the last days on which any were kept."""
    since = (present - timedelta(days=GROWTH_DAYS)).timestamp()
    total, recent, first = 0, 0, present.timestamp()
    for path in folder.rglob("*"):
        if path.is_file():
            held = path.stat()
            total += held.st_size
            if held.st_mtime >= since:
                recent += held.st_size
                first = min(first, held.st_mtime)
    days = max(1, (present - datetime.fromtimestamp(first, UTC)).days)
    return total, recent // days


def browser(settings: Settings, ledger: Ledger) -> Iterator[Check]:
    """Does the browser start, where a column needs one?"""
    wanted = sum(row["render"] for row in ledger.inventory()["column"])
    if wanted:
        path = browser_path(settings.crawl)
        missing = missing_for_render(settings.crawl)
        fault = missing or (_does_not_start(path) if path else None)
        note = fault or f"{path}，可以启动"
        yield Check("浏览器", fault is None, f"{wanted} 个栏目须用浏览器打开；{note}")


def _does_not_start(path: str) -> str | None:
    """Why does the browser show no empty page? None: it does."""
    rights = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as profile:
        quiet = ["--headless", "--disable-gpu", f"--user-data-dir={profile}"]
        command = [path, *quiet, *rights, "--dump-dom", "about:blank"]
        try:
            ran = subprocess.run(command, capture_output=True, timeout=START_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{path} 未能启动：{error}"
    if b"<html" in ran.stdout:
        return None
    said = ran.stderr.decode(errors="replace").strip().splitlines()
    return f"{path} 未能启动，返回码 {ran.returncode}：{said[-1][:200] if said else '没有输出'}"
