"""A table with known margins as a network: how far a hidden cell could move, and the cheapest cells to hide so that it could move farther."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

Cell = tuple[str, str]  # row, column
Node = tuple[str, str]  # 'row' or 'column', its name


@dataclass(frozen=True)
class Table:
    """Counts whose rows and columns sum to what is known. tied: the columns whose own sum is not known, only what they sum to together."""

    counts: Mapping[Cell, int]
    sums: Mapping[str, int]  # of the rows; no cell of a row is larger
    tied: frozenset[str] = frozenset()
    _at: dict[Node, list[Cell]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for cell in self.counts:
            for node in (("row", cell[0]), self.column(cell)):
                self._at.setdefault(node, []).append(cell)

    def column(self, cell: Cell) -> Node:
        return ("tied", "") if cell[1] in self.tied else ("column", cell[1])

    def at(self, node: Node) -> list[Cell]:
        return self._at[node]


def make_room(table: Table, hidden: set[Cell], cell: Cell, *, up: int, down: int) -> bool:
    """Hides what it takes for `cell` to be possibly `up` higher and, in another table, `down` lower. False where that cannot be had."""
    row, column = ("row", cell[0]), table.column(cell)
    return _flow(table, hidden, cell, column, row, up) and _flow(table, hidden, cell, row, column, down)


def _flow(table: Table, hidden: set[Cell], cell: Cell, start: Node, end: Node, wanted: int) -> bool:
    """What the cell gains, others of its row and column lose, which others gain, and so on around until the margins hold again."""
    moved: dict[Cell, int] = {}
    while wanted > 0:
        path = _cheapest(table, hidden, cell, moved, start, end)
        if path is None:
            return False
        step = min(wanted, *(abs(room) for _, room in path))
        for each, room in path:
            moved[each] = moved.get(each, 0) + (step if room > 0 else -step)
            hidden.add(each)
        wanted -= step
    return True


def _cheapest(table: Table, hidden: set[Cell], barred: Cell, moved: Mapping[Cell, int], start: Node, end: Node) -> list[tuple[Cell, int]] | None:
    """The way around over cells that are hidden already or small: each with how far it can go up, or, below 0, down."""
    came: dict[Node, tuple[Node, Cell, int]] = {}
    costs, queue = {start: 0}, [(0, start)]
    while queue:
        cost, node = heappop(queue)
        if node == end:
            break
        if cost > costs[node]:
            continue
        for cell in table.at(node):
            count = table.counts[cell] + moved.get(cell, 0)
            from_row = node[0] == "row"
            room = table.sums[cell[0]] - count if from_row else -count
            if cell == barred or not room:
                continue
            to = table.column(cell) if from_row else ("row", cell[0])
            total = cost + (0 if cell in hidden else 1 + table.counts[cell])
            if to not in costs or total < costs[to]:
                costs[to], came[to] = total, (node, cell, room)
                heappush(queue, (total, to))
    if end not in came:
        return None
    path = []
    node = end
    while node != start:
        node, cell, room = came[node]
        path.append((cell, room))
    return path
