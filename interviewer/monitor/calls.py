"""Calls to language models: how many, how they went, what they cost, and what is left of the budget."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from interviewer.monitor.figures import percent, permille
from interviewer.monitor.scope import Scope
from surveys.models import ModelCall, Survey

DAYS = 30  # shown one by one; those before are one row
NOTHING = Decimal(0)
OK = "ok"


@dataclass(frozen=True)
class Group:
    """Calls of one day (UTC), purpose, outcome and origin of the participant; None where the call was for nobody. Cost in US dollars."""

    day: date
    purpose: str
    outcome: str
    origin: str | None
    n: int
    priced: int
    cost: Decimal | None
    input: int
    cache_read: int
    cache_write: int
    output: int


def groups(survey: Survey) -> list[Group]:
    rows = (
        ModelCall.objects.filter(survey=survey)
        .annotate(day=TruncDate("at", tzinfo=UTC))
        .values_list("day", "purpose", "outcome", "participant__origin")
        .annotate(
            n=Count("pk"),
            priced=Count("cost_usd"),
            cost=Sum("cost_usd"),
            input=Sum("input_tokens"),
            read=Sum("cache_read_tokens"),
            write=Sum("cache_write_tokens"),
            output=Sum("output_tokens"),
        )
        .order_by()
    )
    return [Group(*row) for row in rows]


@dataclass(frozen=True)
class Total:
    """read_in: all tokens in; cached: those of them read from the cache, as a share. unpriced: calls that `cost` does not hold."""

    label: str
    calls: int
    failed: int
    failed_share: str
    read_in: int
    cached: str
    written: int
    cost: Decimal
    unpriced: int
    width: int = 0


def total(label: str, groups: Iterable[Group], *, most: Decimal = NOTHING) -> Total:
    found = list(groups)
    calls, failed = sum(group.n for group in found), sum(group.n for group in found if group.outcome != OK)
    cached = sum(group.cache_read for group in found)
    read_in = cached + sum(group.input + group.cache_write for group in found)
    cost = _cost(found)
    return Total(
        label=label,
        calls=calls,
        failed=failed,
        failed_share=percent(failed, calls),
        read_in=read_in,
        cached=percent(cached, read_in),
        written=sum(group.output for group in found),
        cost=cost,
        unpriced=calls - sum(group.priced for group in found),
        width=permille(float(cost), float(most)),
    )


def _cost(groups: Iterable[Group]) -> Decimal:
    return sum((group.cost for group in groups if group.cost is not None), start=NOTHING)


@dataclass(frozen=True)
class Outcome:
    label: str
    n: int
    share: str
    width: int


@dataclass(frozen=True)
class Calls:
    """each: cost per completed interview; None where none is completed."""

    all: Total
    by_day: tuple[Total, ...]
    by_purpose: tuple[Total, ...]
    outcomes: tuple[Outcome, ...]
    each: Decimal | None
    each_unpriced: int


def calls(groups: Collection[Group], scope: Scope, completed: int) -> Calls:
    """completed: interviews in the scope; what the people in it cost is divided by them, whether or not they came to the end."""
    everything = total("All", groups)
    theirs = total("", (group for group in groups if scope.holds(group.origin)))
    return Calls(
        all=everything,
        by_day=_by_day(groups),
        by_purpose=_sorted_out(groups, lambda group: group.purpose, everything.cost),
        outcomes=_outcomes(groups, everything.calls),
        each=theirs.cost / completed if completed else None,
        each_unpriced=theirs.unpriced,
    )


def _by_day(groups: Collection[Group]) -> tuple[Total, ...]:
    """The latest day first."""
    days = sorted({group.day for group in groups}, reverse=True)
    shown, before = days[:DAYS], days[DAYS:]
    most = max((_cost(group for group in groups if group.day == day) for day in shown), default=NOTHING)
    totals = [total(day.isoformat(), (group for group in groups if group.day == day), most=most) for day in shown]
    if before:
        totals.append(total(f"before {shown[-1].isoformat()}", (group for group in groups if group.day < shown[-1])))
    return tuple(totals)


def _sorted_out(groups: Collection[Group], key: Callable[[Group], str], most: Decimal) -> tuple[Total, ...]:
    """The dearest first."""
    totals = [total(each, (group for group in groups if key(group) == each), most=most) for each in {key(group) for group in groups}]
    return tuple(sorted(totals, key=lambda found: (-found.cost, -found.calls, found.label)))


def _outcomes(groups: Collection[Group], all_calls: int) -> tuple[Outcome, ...]:
    counts = {outcome: sum(group.n for group in groups if group.outcome == outcome) for outcome in {group.outcome for group in groups}}
    ranked = sorted(counts.items(), key=lambda each: (each[0] != OK, -each[1], each[0]))
    return tuple(Outcome(outcome, n, percent(n, all_calls), permille(n, all_calls)) for outcome, n in ranked)


@dataclass(frozen=True)
class Budget:
    """US dollars. ran_out: the day (UTC) on which what was spent came up to the budget."""

    limit: Decimal | None
    spent: Decimal
    unpriced: int
    ran_out: date | None
    share: str
    width: int

    @property
    def left(self) -> Decimal:
        return max(NOTHING, (self.limit or NOTHING) - self.spent)


def budget(survey: Survey, groups: Collection[Group]) -> Budget:
    limit, spent = survey.budget_usd, total("", groups)
    return Budget(
        limit=limit,
        spent=spent.cost,
        unpriced=spent.unpriced,
        ran_out=_day_of_reaching(limit, groups) if limit is not None else None,
        share=f"{spent.cost / limit:.0%}" if limit else "",
        width=permille(float(spent.cost), float(limit)) if limit else 0,
    )


def _day_of_reaching(limit: Decimal, groups: Collection[Group]) -> date | None:
    spent = NOTHING
    for day in sorted({group.day for group in groups}):
        spent += _cost(group for group in groups if group.day == day)
        if spent >= limit:
            return day
    return None
