"""How full a survey's quotas are."""

from dataclasses import dataclass
from datetime import datetime

from interviewer.monitor.figures import percent, permille
from surveys.models import Survey
from surveys.recruitment import Quota


@dataclass(frozen=True)
class Fill:
    """completed, reserved: people who are through, and those who hold a place while they talk."""

    name: str
    limit: int
    completed: int
    reserved: int
    full_since: datetime | None

    @property
    def share(self) -> str:
        return percent(self.completed, self.limit)

    @property
    def width(self) -> int:
        return permille(self.completed, self.limit)

    @property
    def filled_width(self) -> int:
        return permille(self.completed + self.reserved, self.limit)


def fills(survey: Survey) -> tuple[Fill, ...]:
    return tuple(Fill(each.name, each.limit, each.completed, each.reserved, each.full_since) for each in Quota.objects.filter(survey=survey))
