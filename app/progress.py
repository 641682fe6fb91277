"""A progress bar on stderr, when somebody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.show import console
from storage.ledger import Ledger


@contextmanager
def progress(ledger: Ledger) -> Iterator[Callable[[str, str], None] | None]:
    """Yields what is to be called after each visit; None when stderr is not a terminal."""
    err = console(stderr=True)
    if not err.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        total = sum(len(rows) for kind, rows in ledger.inventory().items() if kind != "unit")
        task = bar.add_task("正在查看", total=total or None)

        def on_visit(subject: str, _outcome: str) -> None:
            bar.update(task, advance=1, description=f"正在查看 {subject[:32]}")

        yield on_visit
