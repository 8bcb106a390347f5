"""Sizes and allocations, as tables; the draw, by simulation."""

from collections import Counter
from itertools import pairwise
from math import sqrt

import pytest

from analysis.sampling.allocation import REST, Method, Stratum, allocate, collapsed
from analysis.sampling.draw import draw, shared_out, shuffled
from analysis.sampling.sizes import Aim, Bought, half_width, needed, of, plan, spread, worst

HALF = 0.5
TWO = (Stratum("ar", 900, HALF, "ar"), Stratum("en", 100, HALF, "en"))


@pytest.mark.parametrize(
    ("aim", "expected", "share", "deviation"),
    [
        (Aim.PREVALENCE, 0.5, 0.5, 0.5),
        (Aim.PREVALENCE, 0.1, 0.5, 0.3),
        (Aim.AGREEMENT, 0.8, 0.5, 0.4),
        (Aim.KAPPA, 0.6, 0.5, 0.8),  # po = 0.8, pe = 0.5
        (Aim.KAPPA, 1.0, 0.5, 0.0),
    ],
)
def test_how_much_one_unit_varies(aim: Aim, expected: float, share: float, deviation: float) -> None:
    assert spread(aim, expected, share=share) == pytest.approx(deviation)
    assert worst(aim, share) == (1.0 if aim is Aim.KAPPA else 0.5)


@pytest.mark.parametrize(
    ("width", "deviation", "population", "n"),
    [
        (0.05, 0.5, 10**9, 385),  # the textbook's
        (0.05, 0.5, 1000, 278),
        (0.03, 0.5, 10**9, 1068),
        (0.05, 0.3, 10**9, 139),
        (0.05, 0.5, 50, 45),
        (0.0001, 0.5, 50, 50),
        (0.5, 0.5, 50, 4),
        (0.05, 0.5, 0, 0),
    ],
)
def test_how_many_units_a_half_width_needs(width: float, deviation: float, population: int, n: int) -> None:
    assert needed(width, deviation, population) == n


@pytest.mark.parametrize("wrong", [lambda: needed(0, 0.5, 10), lambda: spread(Aim.PREVALENCE, 1.2), lambda: spread(Aim.KAPPA, 0.5, share=1)])
def test_a_width_or_an_expectation_that_cannot_be_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"above 0|between 0 and 1"):
        wrong()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("n", "sizes", "spreads", "method", "expected"),
    [
        (100, (900, 100), (0.5, 0.5), Method.PROPORTIONAL, (90, 10)),
        (100, (900, 100), (0.5, 0.5), Method.EQUAL, (50, 50)),
        (100, (500, 500), (0.4, 0.1), Method.NEYMAN, (80, 20)),
        (300, (900, 100), (0.5, 0.5), Method.EQUAL, (200, 100)),  # no more than there are
        (10, (990, 10), (0.5, 0.5), Method.PROPORTIONAL, (8, 2)),  # two at least
        (10, (999, 1), (0.5, 0.5), Method.PROPORTIONAL, (9, 1)),
        (0, (5, 1), (0.5, 0.5), Method.PROPORTIONAL, (2, 1)),
        (99, (5, 1), (0.5, 0.5), Method.NEYMAN, (5, 1)),
        (60, (50, 50), (0.5, 0.0), Method.NEYMAN, (50, 10)),  # a stratum that does not vary comes last
        (7, (100, 100, 100), (0.5, 0.5, 0.5), Method.EQUAL, (3, 2, 2)),
    ],
)
def test_allocations(n: int, sizes: tuple[int, ...], spreads: tuple[float, ...], method: Method, expected: tuple[int, ...]) -> None:
    strata = [Stratum(str(at), size, deviation) for at, (size, deviation) in enumerate(zip(sizes, spreads, strict=True))]
    assert tuple(allocate(n, strata, method).values()) == expected


@pytest.mark.parametrize("method", Method)
def test_a_larger_sample_takes_from_no_stratum_and_keeps_what_was_drawn(method: Method) -> None:
    strata = [Stratum(str(size), size, 0.1 + size % 5 / 10) for size in (3, 17, 40, 41, 260)]
    steps = [allocate(n, strata, method) for n in range(0, 361)]
    assert all(after[name] >= before[name] for before, after in pairwise(steps) for name in before)
    assert [sum(step.values()) for step in steps[10:]] == list(range(10, 361))
    assert allocate(0, strata, method, drawn={"40": 12}) == {"3": 2, "17": 2, "40": 12, "41": 2, "260": 2}


def test_neymans_allocation_is_never_wider_than_the_others() -> None:
    strata = [Stratum("sure", 800, 0.1), Stratum("middling", 150, 0.4), Stratum("unsure", 50, 0.5)]
    widths = {method: half_width(strata, allocate(120, strata, method)) for method in Method}
    assert widths[Method.NEYMAN] < min(widths[Method.PROPORTIONAL], widths[Method.EQUAL])


def test_the_plan_is_the_smallest_that_is_narrow_enough() -> None:
    made = plan(TWO, Method.PROPORTIONAL, width=0.05)
    assert (made.n, dict(made.given)) == (278, {"ar": 250, "en": 28})
    fewer = allocate(made.n - 1, TWO, Method.PROPORTIONAL)
    assert half_width(TWO, made.given) <= 0.05 < half_width(TWO, fewer)


def test_what_was_drawn_before_stays_in_a_larger_plan() -> None:
    made = plan(TWO, Method.PROPORTIONAL, width=0.05, drawn={"en": 90})
    assert (dict(made.given)["en"], made.bought[0].expected <= 0.05) == (90, True)


def test_a_plan_per_language_is_narrow_enough_in_each() -> None:
    made = plan(TWO, Method.PROPORTIONAL, width=0.1, per_domain=True)
    assert dict(made.given) == {"ar": needed(0.1, HALF, 900), "en": needed(0.1, HALF, 100)}
    assert [(each.domain, each.size, each.n, each.expected <= 0.1) for each in made.bought] == [
        ("", 1000, 136, True),
        ("ar", 900, 87, True),
        ("en", 100, 49, True),
    ]


def test_what_a_sample_buys_at_worst_is_said_too() -> None:
    strata = [Stratum("all", 10**6, 0.3)]
    width = 1.959964 * 0.3 / sqrt(100)
    assert of(strata, {"all": 100}).bought == (Bought("", 10**6, 100, pytest.approx(width, rel=1e-3), pytest.approx(width / 0.6, rel=1e-3)),)


@pytest.mark.parametrize(
    ("keep", "lies"),
    [(1, ("ar", REST)), (0, (REST,))],
)
def test_small_cells_join_those_they_are_most_like(keep: int, lies: tuple[str, ...]) -> None:
    sizes = {("ar", "jobs", "low"): 1, ("ar", "jobs", "high"): 3, ("ar", "lies", "low"): 2, ("ar", "none", "high"): 40, ("en", "none", "low"): 9}
    assert collapsed(sizes, 4, keep=keep) == {
        ("ar", "jobs", "low"): ("ar", "jobs", REST),
        ("ar", "jobs", "high"): ("ar", "jobs", REST),
        ("ar", "lies", "low"): lies,
        ("ar", "none", "high"): ("ar", "none", "high"),
        ("en", "none", "low"): ("en", "none", "low"),
    }


@pytest.mark.parametrize(
    ("sizes", "keep", "expected"),
    [
        ({}, 0, {}),
        ({(): 3}, 0, {(): ()}),
        ({("ar",): 1, ("en",): 9}, 1, {("ar",): ("ar",), ("en",): ("en",)}),
        ({("ar",): 1, ("en",): 9}, 0, {("ar",): (REST,), ("en",): ("en",)}),
    ],
)
def test_cells_of_few_parts(sizes: dict[tuple[str, ...], int], keep: int, expected: dict[tuple[str, ...], tuple[str, ...]]) -> None:
    assert collapsed(sizes, 4, keep=keep) == expected


FRAME = {interview: "rare" if interview % 10 == 0 else "common" for interview in range(100)}


def test_units_come_into_the_sample_as_often_as_their_probability_says() -> None:
    seeds, given = 2500, {"rare": 3, "common": 18}
    drawn: Counter[int] = Counter()
    pairs = 0
    for seed in range(seeds):
        sample = draw(FRAME, given, seed)
        assert set(sample.values()) == {0.3, 0.2}
        assert sorted(FRAME[unit] for unit in sample) == ["common"] * 18 + ["rare"] * 3
        drawn.update(sample.keys())
        pairs += 0 in sample and 10 in sample
    for unit in FRAME:
        chance = 0.3 if FRAME[unit] == "rare" else 0.2
        assert abs(drawn[unit] / seeds - chance) < 4.5 * sqrt(chance * (1 - chance) / seeds)
    joint = 3 * 2 / (10 * 9)  # two at once: as in simple random sampling without replacement
    assert abs(pairs / seeds - joint) < 4.5 * sqrt(joint * (1 - joint) / seeds)


def test_a_sample_extended_holds_the_first_and_its_probabilities_are_those_of_the_larger_draw() -> None:
    small, large = draw(FRAME, {"rare": 2, "common": 9}, 5), draw(FRAME, {"rare": 4, "common": 9}, 5)
    assert small.keys() < large.keys()
    assert Counter(large.values()) == {0.4: 4, 0.1: 9}
    left = {unit: stratum for unit, stratum in FRAME.items() if unit != min(small)}
    assert small.keys() - {min(small)} <= draw(left, {"rare": 4, "common": 9}, 5).keys()  # somebody has withdrawn meanwhile


@pytest.mark.parametrize(
    ("coders", "double", "loads", "twice"),
    [
        ((1,), 1.0, [100], 0),
        ((1, 2), 0.0, [50, 50], 0),
        ((1, 2), 1.0, [100, 100], 100),
        ((1, 2, 3), 0.25, [41, 42, 42], 25),
        ((1, 2, 3), 1.0, [66, 67, 67], 100),
    ],
)
def test_work_is_shared_out_evenly(coders: tuple[int, ...], double: float, loads: list[int], twice: int) -> None:
    shared = shared_out(FRAME, coders, double=double, seed=3)
    assert sorted(Counter(coder for who in shared.values() for coder in who).values()) == loads
    assert sum(len(who) == 2 for who in shared.values()) == twice
    assert all(len(set(who)) == len(who) for who in shared.values())
    assert shared == shared_out(dict(reversed(FRAME.items())), coders, double=double, seed=3)


def test_the_units_coded_twice_are_spread_over_the_strata_and_pairs_meet_alike() -> None:
    shared = shared_out(FRAME, (1, 2, 3), double=0.3, seed=3)
    assert Counter(FRAME[unit] for unit, who in shared.items() if len(who) == 2) == {"rare": 3, "common": 27}
    pairs = Counter(tuple(sorted(who)) for who in shared_out(FRAME, (1, 2, 3, 4), double=1.0, seed=3).values())
    assert max(pairs.values()) - min(pairs.values()) <= 4
    assert len(pairs) == 6


def test_who_has_work_already_gets_less_of_the_new() -> None:
    shared = shared_out(FRAME, (1, 2), double=0.0, seed=3, loads={1: 60, 2: 0})
    assert Counter(who for (who,) in shared.values()) == {1: 20, 2: 80}


def test_each_coder_has_an_order_of_their_own() -> None:
    units = list(range(20))
    assert shuffled(units, 7, "ana") == shuffled(reversed(units), 7, "ana") != shuffled(units, 7, "noor")
    assert sorted(shuffled(units, 7, "ana")) == units
