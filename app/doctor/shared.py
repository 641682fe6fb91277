"""What several machines share: the server of the database, and the folder of the evidence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile

from app.doctor.check import Check
from storage.clock import now
from storage.evidence import EvidenceStore, Link
from storage.ledger import Ledger
from storage.server import Server, server_of

OLDEST_VERSION = 15
ONE_PROCESS = 15  # connections: the pool of one process and what it may open beyond it
MOST_OFF_SECONDS = 120
ELSEWHERE = "磁盘剩余空间在本机查不到，请在数据库服务器上查看"


def shared(ledger: Ledger) -> Iterator[Check]:
    """Do they serve this machine?"""
    server = server_of(ledger.engine)
    if server is not None:
        yield told_of(server, now())
    yield _evidence(ledger.evidence, ledger.newest_evidence())


def told_of(server: Server, present: datetime) -> Check:
    """Is this server fit for its purpose, and does its clock agree with ours?"""
    major, minor = divmod(server.version, 10_000)
    off = round((server.at - present).total_seconds())
    faults = []
    if major < OLDEST_VERSION:
        faults.append(f"须为 PostgreSQL {OLDEST_VERSION} 或更新的版本")
    if server.encoding != "UTF8":
        faults.append("数据库须以 UTF8 编码建立")
    if server.connections - server.used < ONE_PROCESS:
        faults.append(
            f"空余连接不足 {ONE_PROCESS} 个（一个进程最多用到的个数），请调高 max_connections"
        )
    if abs(off) > MOST_OFF_SECONDS:
        faults.append(f"服务器时钟与本机相差 {off} 秒，请在两台机器上启用时间同步")
    about = (
        f"PostgreSQL {major}.{minor}，编码 {server.encoding}，"
        f"连接 {server.used}/{server.connections}；{ELSEWHERE}"
    )
    return Check("数据库服务器", not faults, "；".join([*faults, about]))


def _evidence(store: EvidenceStore, newest: Link | None) -> Check:
    """May this process write there, and is it the folder in which the others have written?"""
    name, folder = "证据目录", store.folder
    kept = newest is not None and newest.removed_at is None
    if newest is not None and kept and not (folder / newest.warc).is_file():
        lack = f"{folder} 中没有最近一次保存的证据 {newest.warc}"
        return Check(name, False, f"{lack}：多台机器须挂载同一个目录；只有一台的，请由备份恢复")
    try:
        with TemporaryFile(dir=folder if folder.is_dir() else folder.parent) as file:
            file.write(b"xunjian")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Check(name, False, f"{folder} 不能写入：{error.strerror}")
    return Check(name, True, f"{folder} 可以写入")
