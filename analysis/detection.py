"""Which language a text is in: its script first, then langdetect's profiles weighed against the languages that may be expected."""

import math
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from threading import Lock

from langdetect import PROFILES_DIRECTORY, DetectorFactory

from surveys.languages import normalise

UNKNOWN = "und"
THRESHOLD = 0.5  # below it the language is unknown
A_WORD = 12  # letters; below it the declared language weighs twice
SHORT = 40  # letters; below it the rest of what the person said weighs in
READ = 1500  # characters of a text that are looked at
# Weights of a language before the text is read: the one the person chose, one the survey offers, one nobody expects.
DECLARED, EXPECTED, UNEXPECTED = 10.0, 1.0, 1e-4
# How far what else a person said can tip a short text: e to the power of this, to one.
OTHER_WORDS = 8.0
# n-grams overlap: three of them carry about the evidence of one.
EVIDENCE = 1 / 3

SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "ARABIC": ("ar", "fa", "ur", "ps", "ckb", "sd", "ug"),
    "ARMENIAN": ("hy",),
    "BENGALI": ("bn", "as"),
    "CJK": ("zh-hans", "zh-hant", "ja"),
    "CYRILLIC": ("ru", "uk", "bg", "mk", "sr", "be", "kk", "ky", "mn", "tg"),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "ETHIOPIC": ("am", "ti"),
    "GEORGIAN": ("ka",),
    "GREEK": ("el",),
    "GUJARATI": ("gu",),
    "GURMUKHI": ("pa",),
    "HANGUL": ("ko",),
    "HEBREW": ("he", "yi"),
    "HIRAGANA": ("ja",),
    "KANNADA": ("kn",),
    "KATAKANA": ("ja",),
    "KHMER": ("km",),
    "LAO": ("lo",),
    "MALAYALAM": ("ml",),
    "MYANMAR": ("my",),
    "ORIYA": ("or",),
    "SINHALA": ("si",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "THAI": ("th",),
    "TIBETAN": ("bo", "dz"),
}
NOT_LATIN = frozenset(code for codes in SCRIPTS.values() for code in codes) - {"sr"}


def detect(text: str, *, declared: str, allowed: Collection[str], context: str = "") -> tuple[str, float]:
    """(language code or 'und', probability 0–1) of `text`.

    declared: the language the participant chose; allowed: the others that may be expected; context: what else they said, for short texts.
    Naive Bayes over langdetect's n-gram profiles, each n-gram counted once: langdetect's own sampling draws from a short text until it is
    certain, whatever was to be expected.
    """
    text = text[:READ]
    scripts = Counter(script_of(character) for character in text if character.isalpha())
    if not scripts:
        return UNKNOWN, 0.0
    declared = normalise(declared)
    expected = {normalise(code) for code in (*allowed, "en")} | {declared}
    spoken = _languages_of(text, scripts)
    fitting = spoken if spoken is not None else (_known() | expected) - NOT_LATIN
    if len(fitting) > 1:  # what langdetect cannot tell from the others has to be expected
        fitting = fitting & (_known() | expected)
    weights = {code: _weight(code, declared, expected) for code in fitting}
    if declared in weights and scripts.total() < A_WORD:
        weights[declared] *= DECLARED
    if context and scripts.total() < SHORT:
        weights = _posterior(context[:READ], weights, flat=True)
    return _best(_posterior(text, weights))


def _weight(code: str, declared: str, expected: Collection[str]) -> float:
    if code in expected:
        return DECLARED if code == declared else EXPECTED
    return EXPECTED / 2 if code.split("-")[0] in {other.split("-")[0] for other in expected} else UNEXPECTED


def script_of(character: str) -> str:
    """The first word of the character's name in Unicode: LATIN, CJK, ARABIC …"""
    return unicodedata.name(character, "?").replace("-", " ").split(" ")[0]


def _languages_of(text: str, scripts: Counter[str]) -> frozenset[str] | None:
    """The languages written in the text's main script; None for Latin: any language that has no script of its own."""
    script = scripts.most_common(1)[0][0]
    kana, han = scripts["HIRAGANA"] + scripts["KATAKANA"], scripts["CJK"]
    if kana + han >= scripts[script] and kana > 0.1 * han:
        return frozenset({"ja"})
    if script == "CJK":
        return _chinese(text) | ({"ja"} if han < 8 else frozenset())  # a Japanese sentence has kana
    return None if script == "LATIN" else frozenset(SCRIPTS.get(script, ()))


def _chinese(text: str) -> frozenset[str]:
    """Simplified or traditional, by the characters that only one of two old character sets holds; both where nothing tells."""
    simplified = sum(_encodes(character, "gb2312") and not _encodes(character, "big5") for character in text)
    traditional = sum(_encodes(character, "big5") and not _encodes(character, "gb2312") for character in text)
    if simplified == traditional:
        return frozenset({"zh-hans", "zh-hant"})
    return frozenset({"zh-hans" if simplified > traditional else "zh-hant"})


def _encodes(character: str, encoding: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False


def _best(found: Mapping[str, float]) -> tuple[str, float]:
    if not found:
        return UNKNOWN, 0.0
    language = max(sorted(found), key=found.__getitem__)
    return (language if found[language] >= THRESHOLD else UNKNOWN), round(found[language], 4)


def _posterior(text: str, weights: Mapping[str, float], *, flat: bool = False) -> dict[str, float]:
    """Weights after reading the text, summing to 1. A language without a profile keeps the average likelihood of those with one.

    flat: tempered to at most 3000 to 1, for use as the weights of another text.
    """
    profiles = [code for code in weights if code in _known()]
    likelihood = dict(zip(profiles, _log_likelihoods(text, profiles), strict=True)) or dict.fromkeys(weights, 0.0)
    if not likelihood:
        return {}
    typical = sorted(likelihood.values())[len(likelihood) // 2]
    scores = {code: math.log(weight) + likelihood.get(code, typical) for code, weight in weights.items()}
    top = max(scores.values(), default=0.0)
    odds = {code: math.exp(max(score - top, -OTHER_WORDS if flat and weights[code] >= EXPECTED else -30.0)) for code, score in scores.items()}
    total = sum(odds.values())
    return {code: value / total for code, value in odds.items()}


_TO_LANGDETECT = {"zh-hans": "zh-cn", "zh-hant": "zh-tw", "nb": "no", "fil": "tl"}
_loading = Lock()


@cache
def _factory() -> DetectorFactory:
    DetectorFactory.seed = 0  # langdetect is random without it, in every process
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    return factory


def _loaded() -> DetectorFactory:
    with _loading:
        return _factory()


@cache
def _known() -> frozenset[str]:
    return frozenset(map(normalise, _loaded().langlist))


def _log_likelihoods(text: str, languages: Iterable[str]) -> list[float]:
    """log P(text | language) for each language, tempered by EVIDENCE; n-grams and smoothing are langdetect's."""
    factory = _loaded()
    detector = factory.create()
    detector.append(text)
    detector.cleaning_text()
    grams = Counter(gram for gram in detector._extract_ngrams())
    columns = [factory.langlist.index(_TO_LANGDETECT.get(code, code)) for code in languages]
    smoothing = detector.ALPHA_DEFAULT / detector.BASE_FREQ
    totals = [0.0] * len(columns)
    for gram, count in grams.items():
        row = factory.word_lang_prob_map[gram]
        for position, column in enumerate(columns):
            totals[position] += count * math.log(smoothing + row[column])
    return [EVIDENCE * total for total in totals]
