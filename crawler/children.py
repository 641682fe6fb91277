"""The crawling processes of this one: given an order, listened to, ended when they must be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from storage.logs import handed_over

Order = Mapping[str, Any]
Line = Mapping[str, Any]
OnLine = Callable[[Line], None]
STOPPED = "服务正在停止，爬取已中止；已看到的结果均已保存。"


class CrawlError(RuntimeError):
    """The run could not be carried out; what was seen before is kept."""


class CrawlStoppedError(CrawlError):
    """The run was ended because this process is to end; it is not a fault, and owed again."""


class _Children:
    """The crawling processes under way. Once they were told to stop, no other begins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            for child in self._running:
                child.terminate()

    def start(self, command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        with self._lock:
            self.check()
            child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
            )
            self._running.add(child)
            return child

    def ended(self, child: subprocess.Popen[str]) -> None:
        with self._lock:
            self._running.discard(child)

    def check(self) -> None:
        if self._stopped:
            raise CrawlStoppedError(STOPPED)


_children = _Children()


def stop_crawls() -> None:
    """End every crawling process, and let no other begin: this process is about to end.

    Whoever waits for one gets CrawlStoppedError.
    """
    _children.stop()


def run_child(order: Order, on_line: OnLine, bound: float) -> str | None:
    """Which fault ended the crawling process, if any? It is killed after `bound` seconds.

    Every other line that it says goes to `on_line` at once. Its stdin stays open for as long as
    this process lives, so that it ends with it. Raises CrawlStoppedError after `stop_crawls`.
    """
    command = [sys.executable, "-P", "-m", "crawler.child"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with _children.start(command, environment) as child:
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(bound, end)
        timer.start()
        try:
            fault = _talk(child, {**order, "log": handed_over()}, on_line)
        except BaseException:
            child.terminate()
            raise
        finally:
            timer.cancel()
            _children.ended(child)
    _children.check()
    if fault is None and child.returncode:
        how = f"超过{bound:.0f}秒" if late.is_set() else _how(child.returncode)
        fault = f"爬取进程异常结束，返回码 {child.returncode}（{how}）；已看到的结果均已保存。"
    return fault


def _how(code: int) -> str:
    if code == -signal.SIGKILL:
        return "被系统强制结束，多因本机内存不足"
    return "进程崩溃" if code < 0 else "程序出错，见日志"


def _talk(child: subprocess.Popen[str], order: Order, on_line: OnLine) -> str | None:
    fault = None
    if child.stdin is None or child.stdout is None:
        raise ValueError("the child is started with both pipes")
    try:
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
    except BrokenPipeError:
        with suppress(BrokenPipeError):
            child.stdin.close()
        return None
    for line in _lines(child.stdout):
        if "fault" in line:
            fault = str(line["fault"])
        else:
            on_line(line)
    return fault


def _lines(stream: Iterable[str]) -> Iterable[Line]:
    return (json.loads(line) for line in stream if line.startswith("{"))
