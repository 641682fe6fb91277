"""A run of any length, with its figures; or one input by its number."""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool

from tests.fuzz.run import Told, fuzz, stretches
from tests.fuzz.targets import made

STRETCH = 2_000
EVERY_SECONDS = 60


def main() -> int:
    asked = _arguments()
    if asked.show:
        target, _, number = asked.show.partition(":")
        sys.stdout.write(f"{made(target, asked.seed, int(number))!r}\n")
        return 0
    total, told_at = Told(), time.monotonic()
    for each in _results(asked.inputs, asked.seed, asked.workers):
        total.add(each)
        for failure in each.failures:
            print(f"FAILED {failure}", flush=True)
        if time.monotonic() - told_at > EVERY_SECONDS:
            told_at = time.monotonic()
            print(f"{total.count.total():,} inputs, {len(total.failures)} failed", flush=True)
    print(figures(total))
    return 1 if total.failures else 0


def _arguments() -> argparse.Namespace:
    wanted = argparse.ArgumentParser(prog="python -m tests.fuzz")
    wanted.add_argument("--inputs", type=int, default=100_000)
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--workers", type=int, default=1)
    wanted.add_argument("--show", metavar="TARGET:NUMBER")
    return wanted.parse_args()


def _results(inputs: int, seed: int, workers: int) -> Iterator[Told]:
    work = [(target, seed, numbers) for target, numbers in stretches(inputs, STRETCH)]
    with Pool(workers, faulthandler.enable) as pool:
        yield from pool.imap_unordered(_stretch, work)


def _stretch(work: tuple[str, int, range]) -> Told:
    return fuzz(*work)


def figures(total: Told) -> str:
    """A row a target: inputs, milliseconds an input, the slowest one and its number, failures."""
    rows = [f"{'target':<10} {'inputs':>9} {'ms each':>8} {'slowest ms':>10} {'number':>8} failed"]
    for name, count in total.count.items():
        slow, number = total.slowest[name]
        failed = sum(each.target == name for each in total.failures)
        rows.append(
            f"{name:<10} {count:>9,} {total.spent[name] / count * 1000:>8.2f}"
            f" {slow * 1000:>10.0f} {number:>8} {failed}"
        )
    spent = sum(total.spent.values())
    rows.append(f"{total.count.total():,} inputs, {len(total.failures)} failed, {spent:.0f} s")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
