"""Which interviews a fieldwork page counts: by where they came from, and by guide version."""

from dataclasses import dataclass
from urllib.parse import urlencode

from surveys.models import Participant, Survey

Origin = Participant.Origin
ORIGINS = tuple(each for each in Origin.values if each != Origin.PREVIEW)  # previews are nobody's interviews
EVERY = "all"


class Unknown(ValueError):
    """Raised for an origin or a version that there is not."""


@dataclass(frozen=True)
class Scope:
    """origin: '' for what results count, 'all', or one origin. version: None for all."""

    survey: Survey
    origin: str
    origins: frozenset[str]
    version: int | None

    @classmethod
    def of(cls, survey: Survey, origin: str, version: str) -> "Scope":
        """Raises Unknown."""
        origins = {"": counted(survey), EVERY: frozenset(ORIGINS)} | {each: frozenset({each}) for each in ORIGINS}
        if origin not in origins or (version and not (version.isascii() and version.isdigit() and len(version) < 10)):
            raise Unknown(f"{origin} {version}")
        return cls(survey, origin, origins[origin], int(version) if version else None)

    def holds(self, origin: str | None, version: int | None = None) -> bool:
        """Whether someone of this origin belongs in it; None as version where guide versions do not matter."""
        return origin in self.origins and (self.version is None or version is None or version == self.version)


def counted(survey: Survey) -> frozenset[str]:
    """The origins whose interviews are results."""
    return frozenset({Origin.LIVE.value, Origin.IMPORTED.value} | ({Origin.SIMULATED.value} if survey.show_simulated else set()))


@dataclass(frozen=True)
class Choice:
    label: str
    query: str
    chosen: bool


def origin_choices(scope: Scope, begun: dict[str, int]) -> tuple[Choice, ...]:
    """Every origin that interviews came from. begun: interviews by origin."""
    there = [each for each in ORIGINS if begun.get(each)]
    wanted = [("", f"Counted in results: {_named(counted(scope.survey))}", counted(scope.survey))]
    wanted += [(each, Origin(each).label, frozenset({each})) for each in there]
    wanted += [(EVERY, "All", frozenset(there))] if len(there) > 1 else []
    return tuple(
        Choice(f"{label} ({sum(begun.get(each, 0) for each in origins):,})", _query(origin, scope.version), origin == scope.origin)
        for origin, label, origins in wanted
    )


def version_choices(scope: Scope, numbers: list[int]) -> tuple[Choice, ...]:
    """Nothing to choose where there is one version only."""
    if len(numbers) < 2:
        return ()
    every = Choice("All versions", _query(scope.origin, None), scope.version is None)
    return (every, *(Choice(f"Version {number}", _query(scope.origin, number), number == scope.version) for number in numbers))


def _named(origins: frozenset[str]) -> str:
    return " and ".join(Origin(each).label.lower() for each in Origin.values if each in origins)


def _query(origin: str, version: int | None) -> str:
    asked = ({"origin": origin} if origin else {}) | ({"version": version} if version else {})
    return f"?{urlencode(asked)}"
