"""Whether work takes time in proportion to its size, measured on a machine that may be busy."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

TRIES = 3
"""A busy machine may disturb one measurement, hardly three."""


def assert_in_proportion(work: Callable[[int], object], small: int, large: int, most: float) -> None:
    """The larger size takes no more than half a second of CPU and ``most`` times the smaller."""

    def seconds(size: int) -> float:
        begin = time.process_time()
        work(size)
        return time.process_time() - begin

    for _ in range(TRIES):
        short, long = seconds(small), seconds(large)
        if long < 0.5 + most * short:
            return
    pytest.fail(f"{short:.2f} s for {small}, {long:.2f} s for {large}")
