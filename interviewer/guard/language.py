"""Is a text plainly in another language than it should be? By its script, then by its commonest words; where in doubt, no."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from interviewer.guard.text import folded
from interviewer.guard.words import languages, words_of

# The scripts a language is written in, by the first word of a letter's name in Unicode; any other language is in Latin letters.
_SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb", "sd", "ug"), ("ARABIC",)),
    **dict.fromkeys(("ru", "uk", "bg", "mk", "be", "kk", "ky", "mn", "tg"), ("CYRILLIC",)),
    **dict.fromkeys(("sr", "uz", "az", "tk"), ("CYRILLIC", "LATIN")),
    **dict.fromkeys(("hi", "mr", "ne"), ("DEVANAGARI",)),
    **dict.fromkeys(("bn", "as"), ("BENGALI",)),
    **dict.fromkeys(("am", "ti"), ("ETHIOPIC",)),
    **dict.fromkeys(("he", "yi"), ("HEBREW",)),
    "zh": ("CJK",), "ja": ("CJK", "HIRAGANA", "KATAKANA"), "ko": ("HANGUL",), "el": ("GREEK",), "hy": ("ARMENIAN",), "ka": ("GEORGIAN",),
    "gu": ("GUJARATI",), "pa": ("GURMUKHI",), "ta": ("TAMIL",), "te": ("TELUGU",), "kn": ("KANNADA",), "ml": ("MALAYALAM",), "si": ("SINHALA",),
    "or": ("ORIYA",), "th": ("THAI",), "lo": ("LAO",), "km": ("KHMER",), "my": ("MYANMAR",), "bo": ("TIBETAN",),
}  # fmt: skip
_LATIN = ("LATIN",)
_KANA = ("HIRAGANA", "KATAKANA")
_DENSE = ("CJK", "HANGUL", *_KANA)
DENSITY = 3  # Latin letters that one of these says as much as
_SENTENCE = re.compile(r"[^.!?。！？؟।\n]+")
FEW = 12  # letters; fewer tell nothing about the script
MANY = 40  # letters; fewer tell nothing about which language of a script
OWN_SHARE = 0.25  # of the letters; names such as ChatGPT stand in sentences of every script
EVIDENCE = 4  # common words of the other language, and two more for each of the language's own


def is_foreign(text: str, language: str, *, known: str = "") -> bool:
    """Whether a sentence is in another script, or the whole in another language of the same script.

    known: words that may stand in any language, because the participant or the guide used them.
    """
    if _in_another_language(text, language):
        return True
    if not _has_a_sentence_in_another_script(text, language):
        return False
    names = set(folded(known, "").split())
    rest = " ".join(word for word in text.split() if not names.issuperset(folded(word, "").split()))
    return _has_a_sentence_in_another_script(rest, language)


def _has_a_sentence_in_another_script(text: str, language: str) -> bool:
    return any(_in_another_script(part, language) for part in _SENTENCE.findall(text))


def _in_another_script(sentence: str, language: str) -> bool:
    scripts = Counter(_script(letter) for letter in sentence if letter.isalpha())
    for script in _DENSE:
        scripts[script] *= DENSITY
    total, base = scripts.total(), language.split("-")[0]
    kana = sum(scripts[script] for script in _KANA)
    if base == "zh" and kana > max(FEW, total / 5):
        return True
    if base == "ja" and kana == 0 and scripts["CJK"] >= 2 * FEW:
        return True
    own = sum(scripts[script] for script in _SCRIPTS.get(base, _LATIN))
    return total >= FEW and own < OWN_SHARE * total


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").replace("-", " ").split(" ")[0]


def _in_another_language(text: str, language: str) -> bool:
    if sum(letter.isalpha() for letter in text) < MANY:
        return False
    tokens = set(folded(text, "").split())
    own = words_of(language).stopwords
    others = languages() if own else ("en",)
    if language.split("-")[0] in others and not own:
        return False
    return any(_weighs_more(tokens, words_of(code).stopwords, own) for code in others)


def _weighs_more(tokens: set[str], other: frozenset[str], own: frozenset[str]) -> bool:
    """By the words that only one of the two has."""
    return len(tokens & (other - own)) >= EVIDENCE + 2 * len(tokens & (own - other))
