"""The table that agreement is computed from: units × coders, with gaps where a coder did not code a unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MISSING = -1


class Level(StrEnum):
    """What the distance between two values means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


def as_number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) else None


@dataclass(frozen=True, eq=False)
class Ratings:
    """Who gave which value to which unit.

    codes: integers of shape (units, coders), each the index of a value, or MISSING.
    values: the values in their order; numbers ascending if all are numbers.
    ordered: whether that order means something: it was given, or all are numbers.
    weights: floats of shape (units,), above 0, mean 1; how much each unit counts.
    """

    codes: Ints
    values: tuple[str, ...]
    units: tuple[str, ...]
    coders: tuple[str, ...]
    weights: Floats
    ordered: bool = False

    @classmethod
    def of(cls, records: Iterable[tuple[str, str, str]], *, values: Sequence[str] | None = None, weights: Mapping[str, float] | None = None) -> Self:
        """From (unit, coder, value) records. `values`: every value there could be, in order; default: those that occur.

        Raises ValueError for a second value of a unit by a coder, a value outside `values`, a weight that is not above 0.
        """
        cells: dict[tuple[str, str], str] = {}
        for unit, coder, value in records:
            if (unit, coder) in cells:
                raise ValueError(f"{coder} coded unit {unit} twice")
            cells[unit, coder] = value
        order = tuple(values) if values is not None else _in_order(set(cells.values()))
        if unknown := set(cells.values()) - set(order):
            raise ValueError(f"no such value: {', '.join(sorted(unknown))}")
        units, coders = (tuple(dict.fromkeys(key[side] for key in cells)) for side in (0, 1))
        codes = np.full((len(units), len(coders)), MISSING, dtype=np.int64)
        row, column, index = ({name: i for i, name in enumerate(names)} for names in (units, coders, order))
        for (unit, coder), value in cells.items():
            codes[row[unit], column[coder]] = index[value]
        table = cls(codes, order, units, coders, _mean_one([(weights or {}).get(unit, 1.0) for unit in units]))
        return replace(table, ordered=values is not None or table.numbers is not None)

    @property
    def numbers(self) -> Floats | None:
        """The values as numbers, or None if one is not a number."""
        numbers = [as_number(value) for value in self.values]
        return None if None in numbers else np.array(numbers, dtype=np.float64)

    @property
    def counts(self) -> Floats:
        """How many coders gave each value to each unit, shape (units, values)."""
        return np.stack([(self.codes == index).sum(axis=1) for index in range(len(self.values))], axis=1).astype(np.float64)

    @property
    def n(self) -> int:
        """Units that two or more coders coded."""
        return int(((self.codes != MISSING).sum(axis=1) >= 2).sum())

    def pair(self, first: int, second: int) -> Self:
        """Two coders (by index) on the units that both coded."""
        codes = self.codes[:, [first, second]]
        kept = np.flatnonzero((codes != MISSING).all(axis=1))
        return replace(self.rows(kept), codes=codes[kept], coders=(self.coders[first], self.coders[second]))

    def rows(self, kept: Ints) -> Self:
        """The units at these indexes. The values stay, whether they still occur or not."""
        return replace(self, codes=self.codes[kept], units=tuple(self.units[i] for i in kept), weights=_mean_one(self.weights[kept]))


def _in_order(values: set[str]) -> tuple[str, ...]:
    numbers = {value: as_number(value) for value in values}
    if None in numbers.values():
        return tuple(sorted(values))
    return tuple(sorted(values, key=lambda value: (numbers[value] or 0.0, value)))


def _mean_one(weights: Sequence[float] | Floats) -> Floats:
    array = np.asarray(weights, dtype=np.float64)
    if not np.all(np.isfinite(array) & (array > 0)):
        raise ValueError("a weight is a number above 0")
    return array / array.mean() if array.size else array
