"""What an edit of a codebook leaves of a dimension's codings, and what the coder must be asked anew. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from analysis.codebook import NONE, Dimension, Shape
from analysis.material import digest


@dataclass(frozen=True)
class Former:
    """A dimension as it was coded before under another edition of it. result: the key of that CodingResult. codes: those given."""

    result: int
    dimension: Dimension
    codes: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """former: what is carried over, as far as it stands. changed: the codes that are new or read otherwise than then."""

    dimension: Dimension
    former: Former | None = None
    changed: frozenset[str] = frozenset()

    @property
    def asked(self) -> tuple[str, ...]:
        """The codes that the coder is asked about, in the codebook's order; none: all is carried over.

        Of several codes each is given or not for itself, so only the changed ones are in question. One of many is a choice among all.
        """
        if self.former is None:
            return self.dimension.code_keys
        if self.dimension.shape is Shape.MULTIPLE:
            return tuple(key for key in self.dimension.code_keys if key in self.changed or key == NONE) if self.changed else ()
        return self.dimension.code_keys if self.changed or self.former.codes & self.removed else ()

    @property
    def removed(self) -> frozenset[str]:
        return frozenset(self.former.dimension.code_keys) - set(self.dimension.code_keys) if self.former else frozenset()

    @property
    def in_part(self) -> bool:
        return self.former is not None and bool(self.asked)


@dataclass(frozen=True)
class Kept:
    """carried: former codes that stay as they were given. given: those of the new answer that count. none: nothing is left, so 'none' holds."""

    carried: frozenset[str]
    given: frozenset[str]
    none: bool = False


def dimension_sha(dimension: Dimension) -> str:
    """A hash of all of it that a coder reads. The order of codes counts only on a scale."""
    codes = [code.model_dump(mode="json") for code in dimension.codes]
    if dimension.shape is not Shape.ORDINAL:
        codes.sort(key=lambda code: str(code["key"]))
    return digest([_frame(dimension), codes])


def _frame(dimension: Dimension) -> list[object]:
    """What the codings of all of its codes depend on."""
    none = dimension.code(NONE)
    order = dimension.code_keys if dimension.shape is Shape.ORDINAL else ()
    return [
        dimension.key,
        dimension.title,
        dimension.shape.value,
        dimension.instruction,
        sorted(dimension.questions),
        dimension.stance,
        none.model_dump(mode="json") if none else None,
        list(order),
    ]


def changed(before: Dimension, after: Dimension) -> frozenset[str] | None:
    """Codes of `after` that are new or differ; None where more than single codes has changed, so that nothing carries over."""
    if _frame(before) != _frame(after):
        return None
    return frozenset(code.key for code in after.codes if before.code(code.key) != code)


def plan(dimension: Dimension, formers: Iterable[Former]) -> Plan:
    """By the one of `formers` that is nearest to this edition of the dimension; the first of those equally near."""
    found = [Plan(dimension, former, differing) for former in formers if (differing := changed(former.dimension, dimension)) is not None]
    return min(found, key=lambda each: (len(each.changed), len(each.removed)), default=Plan(dimension))


def merged(plan: Plan, given: Collection[str]) -> Kept:
    """What of the former coding and of the new answer (empty where nothing was asked, or nothing of it was supported) holds now."""
    if plan.former is None:
        return Kept(frozenset(), frozenset(given))
    standing = plan.former.codes & (set(plan.dimension.code_keys) - plan.changed)
    if plan.dimension.shape is not Shape.MULTIPLE:
        return _one(standing, given, plan.changed)
    carried, added = standing - {NONE}, frozenset(given) - {NONE}
    if carried or added:
        return Kept(carried, added)
    if NONE in plan.former.codes:
        return Kept(frozenset({NONE}), frozenset())
    told = NONE in given
    return Kept(frozenset(), frozenset({NONE}) if told else frozenset(), none=not told and not plan.asked and bool(plan.former.codes))


def _one(standing: frozenset[str], given: Collection[str], changed: frozenset[str]) -> Kept:
    """Between two codes that nobody edited, an edit of others changes nothing: a coder who answers otherwise now is of two minds."""
    if standing and not set(given) & changed:
        return Kept(standing, frozenset())
    return Kept(frozenset(), frozenset(given))
