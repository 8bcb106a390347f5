"""Receipt codes: given out, typed back in any way that people type, and only then the same."""

import pytest

from surveys import receipts

CODE = receipts.code("a-token")


def test_a_code_is_four_groups_of_four_that_nothing_misreads() -> None:
    groups = CODE.split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert set("".join(groups)) <= set(receipts.ALPHABET)
    assert not set(receipts.ALPHABET) & set("ILOU")


def test_a_link_has_one_code_and_each_link_another() -> None:
    codes = {receipts.code(f"token-{number}") for number in range(1000)}
    assert receipts.code("a-token") == CODE
    assert len(codes) == 1000


def test_every_place_of_a_code_takes_every_character() -> None:
    codes = [receipts.code(f"token-{number}").replace("-", "") for number in range(2000)]
    assert [len({code[place] for code in codes}) for place in range(16)] == [32] * 16


@pytest.mark.parametrize(
    "typed",
    [
        "0123-4567-89AB-CDEF",
        "0123456789abcdef",
        " o1 2 3 4567–89ab—cdef\n",
        "OI23.4567.89ab.cdef",
        "ol23 4567 89ab cdef",
        "０１２３－４５６７－８９ＡＢ－ＣＤＥＦ",
        "٠١٢٣-٤٥٦٧-٨٩ab-cdef",
        "\u200f0123-4567-89AB-CDEF\u200e",
    ],
)
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert receipts.fingerprint(typed) == receipts.fingerprint("0123-4567-89AB-CDEF") != ""


@pytest.mark.parametrize("typed", ["", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEFG", "0123-4567-89AB-CDEU", "ＵＵＵＵ", "أبجد" * 4, "x" * 100])
def test_what_cannot_be_a_code_has_no_fingerprint(typed: str) -> None:
    assert receipts.fingerprint(typed) == ""
