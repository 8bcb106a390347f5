"""Parts of a file, as a browser asks for them."""

import pytest

from analysis.exporting.ranges import Unsatisfiable, part


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", None),
        ("bytes=0-", (0, 10)),
        ("bytes=0-0", (0, 1)),
        ("bytes=4-", (4, 10)),
        ("bytes=4-6", (4, 7)),
        ("bytes = 4 - 6", (4, 7)),
        ("bytes=4-99", (4, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=6-4", None),
        ("bytes=0-1,4-5", None),
        ("bytes=-", None),
        ("lines=0-1", None),
        ("bytes=٣-", None),
    ],
)
def test_one_part_is_understood_and_all_else_is_the_whole(asked: str, found: tuple[int, int] | None) -> None:
    assert part(asked, 10) == found


@pytest.mark.parametrize(("asked", "size"), [("bytes=10-", 10), ("bytes=99-100", 10), ("bytes=-0", 10), ("bytes=0-", 0)])
def test_a_part_beyond_the_end_cannot_be_had(asked: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        part(asked, size)
