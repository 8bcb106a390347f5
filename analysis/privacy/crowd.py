"""How many people of a survey share what is shown of one: country, age band, gender and occupation together."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from analysis.privacy.clues import FEW
from interviewer.models import Interview
from surveys.models import Participant, Survey

FIELDS = ("country", "age_band", "gender", "occupation")
Shared = tuple[str, ...]


@dataclass(frozen=True)
class Crowd:
    sizes: Counter[Shared]

    @property
    def people(self) -> int:
        return self.sizes.total()

    @property
    def smallest(self) -> int:
        """The k of k-anonymity: everyone shares what is shown of them with at least so many, themselves counted."""
        return min(self.sizes.values(), default=0)

    @property
    def exposed(self) -> int:
        """People in groups that hide nobody."""
        return sum(size for size in self.sizes.values() if size < FEW)

    def k(self, participant: Participant) -> int:
        return max(1, self.sizes[_folded(tuple(getattr(participant, field) for field in FIELDS))])


def of(survey: Survey, origins: Collection[str]) -> Crowd:
    interviews = Interview.objects.filter(participant__survey=survey, participant__origin__in=origins, set_aside=None)
    rows = interviews.order_by().values_list(*(f"participant__{field}" for field in FIELDS)).annotate(n=Count("pk"))
    sizes: Counter[Shared] = Counter()
    for *shared, n in rows:
        sizes[_folded(tuple(shared))] += n
    return Crowd(sizes)


def _folded(shared: Shared) -> Shared:
    return tuple(" ".join(value.casefold().split()) for value in shared)
