"""Readers, masks and the register under a million made inputs, each by its number.

    .venv/bin/python -m tests.fuzz --inputs 1000000 --seed 1 --workers 2
    .venv/bin/python -m tests.fuzz --show lists:4711 --seed 1        # the bytes of one input

Pure: the same seed and number give the same input on every machine. An input fails when what reads
it raises anything but the error it documents, needs more than its time, or breaks a promise that
holds whatever a page says (`tests.fuzz.promises`).
"""

from tests.fuzz.run import Failure, Told, fuzz

__all__ = ["Failure", "Told", "fuzz"]
