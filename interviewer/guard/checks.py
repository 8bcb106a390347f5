"""One check for each thing an interviewer may not do with words. Texts called `said` are folded."""

import re

from interviewer.guard.sentences import questions
from interviewer.guard.text import folded, is_unspaced, pattern
from interviewer.guard.words import GuardWords, languages, words_of

_QUESTION = re.compile(r"[^.!?]*\?")
_PUNCTUATION = ".,!?¿¡"
SHORTEST_STEM, LONGEST_ENDING = 5, 3  # letters


def compound(text: str, words: GuardWords, *, allowed: int) -> bool:
    """More questions than allowed, by their marks, or two joined in a sentence that ends in one mark."""
    if questions(text, words.language) > allowed:
        return True
    joiners = words.pattern("joiners")
    return joiners is not None and any(joiners.search(question) for question in _QUESTION.findall(folded(text, words.language)))


def leading(said: str, words: GuardWords, *, courtesy: bool = False) -> bool:
    """Wording that leads or presumes. courtesy: a word that stands alone is an answer's polite beginning: "Of course, …"."""
    found = words.pattern("leading")
    hits = found.finditer(_without_neutral(said, words)) if found else ()
    return any(not (courtesy and _stands_alone(hit)) for hit in hits)


def praise(said: str, words: GuardWords, heard: str) -> bool:
    """Praise or judgement. The participant's own word is no praise when it is taken up in a sentence: "What was great about it?"."""
    praising = words.pattern("praise")
    hits = list(praising.finditer(_without_neutral(said, words))) if praising else []
    if not hits:
        return False
    theirs = folded(heard, words.language)
    return any(_stands_alone(hit) or not _occurs(hit.group(), theirs, words.language) for hit in hits)


def _without_neutral(said: str, words: GuardWords) -> str:
    neutral = words.pattern("neutral")
    return neutral.sub("_", said) if neutral else said


def _stands_alone(hit: re.Match[str]) -> bool:
    """Nothing but punctuation around it: "Great!"."""
    before, after = hit.string[: hit.start()].rstrip(), hit.string[hit.end() :].lstrip()
    return (not before or before[-1] in _PUNCTUATION) and (not after or after[0] in _PUNCTUATION)


def _occurs(phrase: str, text: str, language: str) -> bool:
    """Whether the text holds the phrase, its last word perhaps in another form."""
    if is_unspaced(language):
        return phrase in text
    return f" {phrase[: max(SHORTEST_STEM, len(phrase) - LONGEST_ENDING)]}" in f" {text}"


def new_theme(text: str, words: GuardWords, known: str) -> bool:
    """Whether the text names a theme that nothing said or read before has named."""
    said = folded(text, words.language)
    return any(_names(said, phrases, words.language) and not _is_known(theme, known) for theme, phrases in words.themes)


def _is_known(theme: str, known: str) -> bool:
    for code in languages():
        phrases = dict(words_of(code).themes).get(theme, ())
        if _names(folded(known, code), phrases, code):
            return True
    return False


def _names(said: str, phrases: tuple[str, ...], language: str) -> bool:
    found = pattern(phrases, language)
    return found is not None and found.search(said) is not None
