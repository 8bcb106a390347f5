"""Countries as a participant finds them in a list."""

import pytest

from surveys.languages import ISO_COUNTRIES, countries


@pytest.mark.parametrize(
    ("language", "neighbours"),
    [
        ("en", ["Albania", "Algeria", "American Samoa"]),
        ("fr", ["Estonie", "Eswatini", "État de la Cité du Vatican", "États-Unis", "Éthiopie"]),
        ("de", ["Norwegen", "Oman", "Österreich"]),
    ],
)
def test_accents_do_not_move_a_country_to_the_end(language, neighbours):
    names = [name for _, name in countries(language)]
    start = names.index(neighbours[0])
    assert names[start : start + len(neighbours)] == neighbours


def test_every_country_is_listed_once_in_every_language():
    for language in ("ar", "bn", "ja", "sw", "zh-hans"):
        assert sorted(code for code, _ in countries(language)) == sorted(ISO_COUNTRIES)
