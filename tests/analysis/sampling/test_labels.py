"""What people and the model said of each unit, side by side."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from analysis.sampling.labels import Label, labels, settled
from analysis.sampling.records import HumanCoding, SampledUnit
from tests.analysis.results import Results
from tests.analysis.sampling.sampled import coded_by, sample_of

JOBS, BIAS, NONE = frozenset({"jobs"}), frozenset({"bias"}), frozenset({"none"})


@pytest.mark.parametrize(
    ("adjudicated", "in_order", "expected"),
    [
        (None, [], None),
        (None, [JOBS], JOBS),
        (None, [JOBS, JOBS], JOBS),
        (None, [BIAS, JOBS], BIAS),
        (NONE, [BIAS, JOBS], NONE),
    ],
)
def test_what_was_decided_goes_before_what_was_agreed_and_that_before_the_first(
    adjudicated: frozenset[str] | None, in_order: list[frozenset[str]], expected: frozenset[str] | None
) -> None:
    assert settled(adjudicated, in_order) == expected


@pytest.mark.django_db
def test_every_unit_has_what_each_person_and_the_model_said_of_it(django_assert_num_queries: Any) -> None:
    results = Results()
    ana, noor = User.objects.create_user("ana"), User.objects.create_user("noor")
    first, second, third, _ = (results.interview("I fear it.") for _ in range(4))
    results.code(first, "fears", "jobs")
    results.code(first, "hopes", "time")
    results.code(second, "fears", "none")
    sample = sample_of(results, first, second, third)
    one, two, _ = sample.units.order_by("interview_id")
    coded_by(ana, one, "fears", "jobs", "bias")
    coded_by(ana, two, "fears", "jobs")
    coded_by(noor, two, "fears", "bias", minutes=5)
    with django_assert_num_queries(4):
        before = labels(sample, "fears")
    coded_by(ana, two, "fears", "none", adjudicates=True, minutes=9)
    both = frozenset({"jobs", "bias"})
    assert labels(sample, "fears") == (
        Label(first.pk, "en", 0.5, both, JOBS, {"ana": both}, adjudicated=False),
        Label(second.pk, "en", 0.5, NONE, NONE, {"ana": JOBS, "noor": BIAS}, adjudicated=True),
        Label(third.pk, "en", 0.5, None, None, {}, adjudicated=False),
    )
    assert before[1] == Label(second.pk, "en", 0.5, JOBS, NONE, {"ana": JOBS, "noor": BIAS}, adjudicated=False)
    assert [row.disputed for row in before] == [False, True, False]
    assert not any(row.disputed for row in labels(sample, "fears"))


@pytest.mark.django_db
def test_the_database_holds_one_decision_a_unit_and_one_code_a_sitting() -> None:
    results = Results()
    ana, noor = User.objects.create_user("ana"), User.objects.create_user("noor")
    unit = SampledUnit.objects.get(sample=sample_of(results, results.interview("Hello")))
    human = coded_by(ana, unit, "fears", "jobs", adjudicates=True)
    coded_by(ana, unit, "fears", "jobs")  # the same person as a coder: beside it
    for again in (lambda: coded_by(noor, unit, "fears", adjudicates=True), lambda: human.codings.create(**_copy(human))):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()


def _copy(human: HumanCoding) -> dict[str, Any]:
    coding = human.codings.get()
    return {name: getattr(coding, name) for name in ("interview", "codebook", "coder", "dimension", "code")}
