"""The coefficients against published worked examples and against reference packages, gaps and all."""

import pytest

from analysis.agreement import (
    Estimate,
    Level,
    Ratings,
    Result,
    TooFew,
    Undefined,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac,
    krippendorff_alpha,
    percent_agreement,
)
from tests.analysis.agreement.tables import FLEISS, GWET, KRIPPENDORFF_A, KRIPPENDORFF_B, KRIPPENDORFF_C, KRIPPENDORFF_THREE, MADE, crossed, table


def value(result: Result) -> float:
    assert isinstance(result, Estimate), result
    return result.value


@pytest.mark.parametrize(
    ("coders", "level", "published"),
    [
        (KRIPPENDORFF_A, Level.NOMINAL, 0.095),
        (KRIPPENDORFF_B, Level.NOMINAL, 0.692),
        (KRIPPENDORFF_C, Level.NOMINAL, 0.743),
        (KRIPPENDORFF_C, Level.ORDINAL, 0.815),
        (KRIPPENDORFF_C, Level.INTERVAL, 0.849),
        (KRIPPENDORFF_THREE, Level.NOMINAL, 0.691),
        (KRIPPENDORFF_THREE, Level.INTERVAL, 0.811),
    ],
)
def test_alpha_has_the_values_krippendorff_published(coders: tuple[str, ...], level: Level, published: float) -> None:
    assert round(value(krippendorff_alpha(table(*coders), level)), 3) == published


@pytest.mark.parametrize(
    ("level", "reference"), [(Level.NOMINAL, 0.5251709588243854), (Level.ORDINAL, 0.760969266080459), (Level.INTERVAL, 0.76054604453396)]
)
def test_alpha_is_that_of_the_package_krippendorff(level: Level, reference: float) -> None:  # version 0.9.0
    assert value(krippendorff_alpha(table(*MADE), level)) == pytest.approx(reference, abs=1e-12)


def test_kappa_has_the_value_cohen_published() -> None:
    # J. Cohen (1960), table 2: 200 units, 70 % agreement, 41 % expected.
    cohen = crossed([[88, 10, 2], [14, 40, 6], [18, 10, 12]])
    assert round(value(percent_agreement(cohen)), 3) == 0.700
    assert round(value(cohen_kappa(cohen)), 3) == 0.492


@pytest.mark.parametrize(("power", "reference"), [(0, 0.4107142857142857), (1, 0.5731225296442688), (2, 0.711864406779661)])
def test_kappa_is_that_of_scikit_learn_with_every_weighting(power: int, reference: float) -> None:  # cohen_kappa_score, version 1.9.1
    result = cohen_kappa(table(*MADE).pair(0, 1), power=power)
    assert value(result) == pytest.approx(reference, abs=1e-12)
    assert isinstance(result, Estimate)
    assert result.n == 24


def test_kappa_has_the_value_fleiss_published_and_that_of_statsmodels() -> None:
    kappa = value(fleiss_kappa(table(*FLEISS)))
    assert round(kappa, 3) == 0.430
    assert kappa == pytest.approx(0.43024452006014074, abs=1e-12)  # statsmodels 0.15.0, fleiss_kappa


def test_fleiss_kappa_with_gaps_is_that_of_irrcac() -> None:  # version 0.4.4
    assert value(fleiss_kappa(table(*MADE))) == pytest.approx(0.5201223218, abs=1e-10)
    assert round(value(fleiss_kappa(table(*GWET))), 5) == 0.76117


@pytest.mark.parametrize(
    ("coders", "power", "reference", "digits"),
    [
        (GWET, 0, 0.77544, 5),
        (GWET, 1, 0.85874, 5),
        (GWET, 2, 0.91400, 5),
        (MADE, 0, 0.5296536287, 10),
        (MADE, 1, 0.6507191907, 10),
        (MADE, 2, 0.7627436903, 10),
    ],
)
def test_ac1_and_ac2_are_those_of_irrcac(coders: tuple[str, ...], power: int, reference: float, digits: int) -> None:  # version 0.4.4
    assert round(value(gwet_ac(table(*coders), power=power)), digits) == reference


def test_ac1_stays_high_where_one_value_is_rare_and_kappa_does_not() -> None:
    # K. L. Gwet (2002), Statistical Methods for Inter-Rater Reliability Assessment 2, 1-9: 125 units, 94 % agreement, kappa −.023, AC1 .941.
    paradox = crossed([[118, 5], [2, 0]])
    assert (round(value(cohen_kappa(paradox)), 3), round(value(gwet_ac(paradox)), 3)) == (-0.023, 0.941)


def test_percent_agreement_of_two_coders_has_wilsons_interval() -> None:
    result = percent_agreement(crossed([[13, 2], [0, 10]]))
    assert isinstance(result, Estimate)
    assert (result.value, result.n, result.method) == (0.92, 25, "Wilson")
    assert tuple(round(end, 3) for end in result.interval) == (0.750, 0.978)


def test_percent_agreement_of_many_coders_is_the_mean_over_units_of_their_pairs() -> None:
    assert round(value(percent_agreement(table(*GWET))), 5) == 0.81818  # irrCAC 0.4.4, pa


def test_the_order_of_units_and_coders_changes_nothing() -> None:
    straight, turned = table(*MADE), table(*(coder[::-1] for coder in reversed(MADE)))
    for measure in (percent_agreement, fleiss_kappa, gwet_ac, krippendorff_alpha):
        assert value(measure(straight)) == pytest.approx(value(measure(turned)), abs=1e-12)


def test_a_unit_of_weight_two_counts_as_two_units() -> None:
    twice = table(*MADE, weights={f"u{unit}": 2.0 for unit in range(10)})
    doubled = table(*(coder[:10] + coder for coder in MADE))
    for measure in (percent_agreement, fleiss_kappa, gwet_ac):
        assert value(measure(twice)) == pytest.approx(value(measure(doubled)), abs=1e-12)
    # alpha corrects for the number of codings, which doubling changes and weighting does not
    assert value(krippendorff_alpha(twice)) == pytest.approx(value(krippendorff_alpha(doubled)), abs=0.01)


def test_fewer_units_than_needed_give_no_number() -> None:
    nine = table("121212121", "121212122")
    assert [measure(nine) for measure in (percent_agreement, cohen_kappa, fleiss_kappa, gwet_ac, krippendorff_alpha)] == [TooFew(9, 10)] * 5
    assert str(TooFew(9, 10)) == "too few to say: 9 of the 10 units needed"
    assert round(value(percent_agreement(nine, minimum=9)), 3) == 0.889


def test_units_that_one_coder_alone_coded_do_not_count() -> None:
    assert percent_agreement(table("12121212121212", "12........2222")) == TooFew(6, 10)
    assert cohen_kappa(table("1111111....", ".......1111")) == TooFew(0, 10)


def test_where_every_coding_is_the_same_kappa_is_undefined_and_agreement_is_not() -> None:
    same = table("a" * 12, "a" * 12)
    reason = "every coding is 'a', so chance alone would agree as much"
    assert [measure(same) for measure in (cohen_kappa, fleiss_kappa, gwet_ac, krippendorff_alpha)] == [Undefined(12, reason)] * 4
    agreed = percent_agreement(same)
    assert isinstance(agreed, Estimate)
    assert (agreed.value, round(agreed.interval.low, 3)) == (1.0, 0.758)


def test_where_the_pairs_are_all_the_same_alpha_is_undefined_though_a_single_coding_differs() -> None:
    reason = "units that two coders coded all have the same value, so chance alone would agree as much"
    assert krippendorff_alpha(table("a" * 12 + "b", "a" * 12 + ".")) == Undefined(12, reason)


def test_ac1_knows_of_values_that_nobody_gave() -> None:
    same = Ratings.of([(str(unit), coder, "no") for unit in range(12) for coder in "xy"], values=("no", "yes"))
    assert value(gwet_ac(same)) == 1.0


def test_two_coders_who_agree_on_everything_have_an_interval_all_the_same() -> None:
    result = cohen_kappa(crossed([[20, 0], [0, 20]]))
    assert isinstance(result, Estimate)
    assert (result.value, result.interval.high) == (1.0, 1.0)
    # Wilson leaves open that 3.51 of 40 units disagree (8.8 %), where half would by chance.
    assert round(result.interval.low, 3) == 0.825


def test_a_rare_value_is_warned_of() -> None:
    result = cohen_kappa(crossed([[28, 1], [0, 1]]))
    assert isinstance(result, Estimate)
    assert result.caution.startswith("only 2 units hold anything but '0': the interval may be too narrow; undefined in ")


def test_kappa_of_three_coders_is_refused() -> None:
    with pytest.raises(ValueError, match="two coders, not 4"):
        cohen_kappa(table(*MADE))


def test_text_has_no_intervals() -> None:
    with pytest.raises(ValueError, match="numbers"):
        krippendorff_alpha(table(*KRIPPENDORFF_B), Level.INTERVAL)
