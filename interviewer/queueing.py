"""Who may begin when more people come than are to be interviewed at once: first come, first served, by survey and over all. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FEWEST = 3  # admissions from which a pace can be told


@dataclass(frozen=True)
class Room:
    """most: live interviews at once, over all and by survey (0, or a survey left out: no limit). live: those now, by survey."""

    most: int
    most_of: Mapping[int, int]
    live: Mapping[int, int]

    def free_in(self, survey: int) -> float:
        return self.most_of[survey] - self.live.get(survey, 0) if survey in self.most_of else math.inf

    @property
    def free(self) -> float:
        return self.most - sum(self.live.values()) if self.most else math.inf


def may_begin(room: Room, survey: int, ahead: Iterable[int]) -> bool:
    """ahead: the surveys of those who stand before. Who cannot begin because their own survey is full holds up nobody else's."""
    before = Counter(ahead)
    taken = sum(max(0.0, min(people, room.free_in(each))) for each, people in before.items())
    return before[survey] < room.free_in(survey) and taken < room.free


def minutes(place: int, admissions: Sequence[datetime], now: datetime) -> int | None:
    """How long someone at this place waits at the pace of the latest admissions (oldest first); None where that cannot be told."""
    if len(admissions) < FEWEST:
        return None
    pace = (now - admissions[0]) / len(admissions)
    return max(1, math.ceil(place * pace / timedelta(minutes=1)))
