"""What takes long to count is kept for a while by the process that counted it; what is quick is counted anew each time."""

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
QUICK = 1.0  # seconds
TIMES = 10  # as long as counting took: then it takes at most a tenth of a watcher's time


class Kept(Generic[T]):
    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kept: dict[Hashable, tuple[float, T]] = {}

    def get(self, key: Hashable, count: Callable[[], T]) -> T:
        before = self._clock()
        until, value = self._kept.get(key, (before, None))
        if value is not None and before < until:
            return value
        counted = count()
        after = self._clock()
        if after - before > QUICK:
            self._kept[key] = (after + TIMES * (after - before), counted)
        else:
            self._kept.pop(key, None)
        return counted
