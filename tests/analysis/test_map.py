"""The world map: what is drawn, in which colour, and what has no outline."""

import pytest

from analysis.aggregates import Share
from analysis.maps.world import Key, Scale, Shape, draw, world
from surveys.languages import ISO_COUNTRIES


def drawn(*shares: Share) -> dict[str, Shape]:
    world_map = draw({share.country or "": share for share in shares}, link=lambda code: f"/people/{code}")
    return {shape.name: shape for shape in world_map.shapes}


def test_every_country_a_participant_can_choose_is_drawn_or_known_to_be_in_the_table_only() -> None:
    geometry = world()
    have = geometry["outlines"].keys() | geometry["points"].keys()
    assert have <= set(ISO_COUNTRIES)
    assert set(ISO_COUNTRIES) - have == {"AQ", "BQ", "BV", "CC", "CX", "GF", "GP", "MQ", "RE", "SJ", "TK", "YT"}


def test_everything_drawn_lies_inside_the_map() -> None:
    left, top, width, height = world()["box"]
    starts = [[int(place) / 10 for place in d[1:].split("l")[0].split(" ")] for d in world()["outlines"].values()]
    for x, y in [*world()["points"].values(), *starts]:
        assert left <= x <= left + width
        assert top <= y <= top + height


@pytest.mark.parametrize(("west", "east"), [("US", "FR"), ("FR", "IN"), ("IN", "JP")])
def test_countries_lie_where_they_are(west: str, east: str) -> None:
    def start(code: str) -> int:
        return int(world()["outlines"][code].removeprefix("M").split(" ")[0])

    assert start(west) < start(east)


def test_a_country_with_people_is_coloured_and_leads_to_them() -> None:
    france = drawn(Share("jobs", 3, 4, "FR"), Share("jobs", 1, 4, "JP"))["France"]
    assert (france.css, france.url, france.title) == ("c4", "/people/FR", "France: 75% (3 of 4; 95% interval 30–95%)")


def test_a_country_without_people_is_hatched_and_leads_nowhere() -> None:
    germany = drawn(Share("jobs", 3, 4, "FR"))["Germany"]
    assert (germany.css, germany.url, germany.title) == ("nodata", "", "Germany: no interviews")


def test_a_country_too_small_to_see_gets_a_dot_once_people_answered_there() -> None:
    singapore = drawn(Share("jobs", 0, 4, "SG"))["Singapore"]
    assert (singapore.css, singapore.d) == ("c0", "")
    assert float(singapore.x) == pytest.approx(756, abs=2)
    assert "Singapore" not in drawn()


def test_what_has_no_outline_is_named_and_people_without_a_country_are_left_to_the_table() -> None:
    world_map = draw({"RE": Share("jobs", 1, 2, "RE"), "": Share("jobs", 1, 2, "")}, link=str)
    assert world_map.not_drawn == ("Réunion",)


def test_colours_part_the_range_into_five_whole_percents() -> None:
    scale = Scale.of([Share("jobs", 1, 4, "FR"), Share("jobs", 0, 0, "JP")])
    assert scale.legend() == (Key("c0", "0", "5%"), Key("c1", "5", "10%"), Key("c2", "10", "15%"), Key("c3", "15", "20%"), Key("c4", "20", "25%"))
    assert [scale.css(Share("jobs", k, 100)) for k in (0, 4, 5, 24, 25)] == ["c0", "c0", "c1", "c4", "c4"]


def test_a_map_without_anyone_is_all_hatched() -> None:
    assert {shape.css for shape in drawn().values()} == {"nodata"}
