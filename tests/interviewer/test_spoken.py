"""Which languages an interview was in: what was chosen, preferred, written and said, and where they do not match."""

import pytest

from interviewer.spoken import Heard, browser_differs, in_other_language, main_language, same

EN, AR, UNTOLD = Heard("en", "en", 30), Heard("en", "ar", 40), Heard("en", "und", 500)


@pytest.mark.parametrize(
    ("heard", "language", "other"),
    [
        ([], "und", False),
        ([UNTOLD], "und", False),
        ([EN, UNTOLD], "en", False),
        ([EN, AR], "ar", True),
        ([EN, EN, AR], "en", False),
        ([EN, Heard("ar", "ar", 40)], "ar", False),
        ([Heard("zh-hans", "zh-hant", 40)], "zh-hant", False),
    ],
)
def test_most_letters_decide_and_what_cannot_be_told_does_not_count(heard: list[Heard], language: str, other: bool) -> None:
    assert (main_language(heard), in_other_language(heard)) == (language, other)


@pytest.mark.parametrize(
    ("browser", "declared", "differs"),
    [("", "en", False), ("de,en", "en", True), ("pt-BR,pt", "pt", False), ("zh-TW", "zh-hans", False), ("no", "nb", False)],
)
def test_the_browsers_first_language_is_what_it_prefers(browser: str, declared: str, differs: bool) -> None:
    assert browser_differs(browser, declared) is differs


def test_a_language_is_the_same_wherever_it_is_written() -> None:
    assert [same("pt-br", "pt"), same("nb", "no"), same("en", "ar")] == [True, True, False]
