"""The program's own sentences: their names, what a survey says instead of them, and saying them in one language.

A survey's sentences stand in its guide (`Texts.sentences`: name → text). While a page or a turn is made `speaking`, the translation that
Django has active for this context alone looks there first; other contexts (requests, tasks, threads) never see it.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import to_locale, trans_real

from surveys.guide import Guide

MACHINE_MADE = "Machine-made"
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_LONGEST = 60
_MARKUP = re.compile(r"[<>\"]")  # pages take their own sentences as they are, in texts and attributes
_named: dict[str, Promise] = {}


def name_sentences(sentences: Mapping[str, Promise]) -> None:
    """Gives these sentences names of their own; all others are named by their first words."""
    _named.update(sentences)
    standard.cache_clear()


@cache
def standard() -> dict[str, str]:
    """Name → the English sentence, of every sentence that participants may read."""
    with translation.override(None):
        named = {name: str(sentence) for name, sentence in _named.items()}
    taken = set(named.values())
    with _catalogue("fr").open("rb") as file:
        found = [message.id for message in read_po(file) if isinstance(message.id, str) and message.id]
    others = [sentence for sentence in found if sentence not in taken]
    alike = Counter(map(_name, others))
    return named | dict(sorted((_name(sentence) + (_mark(sentence) if alike[_name(sentence)] > 1 else ""), sentence) for sentence in others))


def _name(sentence: str) -> str:
    """'I agree, begin' → 'page.i_agree_begin'."""
    words = re.findall(r"[a-z0-9]+", _PLACEHOLDER.sub(" ", sentence).lower())
    name = "page"
    for position, word in enumerate(words):
        if len(name) + len(word) > _LONGEST:
            break
        name += ("_" if position else ".") + word
    return name


def _mark(sentence: str) -> str:
    """Tells sentences apart that begin alike, whatever others there are."""
    return f"_{hashlib.sha256(sentence.encode()).hexdigest()[:6]}"


def _catalogue(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"


@cache
def machine_made(language: str) -> bool:
    """Whether the program's sentences in this language were made by a machine and read by nobody: their catalogue says so."""
    path = _catalogue(nearest(language))
    return path.exists() and MACHINE_MADE in path.read_text(encoding="utf-8").partition("msgid")[0]


def translated(language: str) -> dict[str, str]:
    """Name → the program's own sentence in this language."""
    with translation.override(nearest(language)):
        return {name: translation.gettext(sentence) for name, sentence in standard().items()}


def problems(own: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a survey's sentences (name → text), each told as '…: what'."""
    known = standard()
    for name, text in own.items():
        if name not in known:
            yield f"'{name}' is no sentence of this program."
            continue
        wanted, found = (sorted(_PLACEHOLDER.findall(each)) for each in (known[name], text))
        if wanted != found:
            holds = f"must hold {' and '.join(wanted)}, as the standard sentence does" if wanted else f"must not hold {found[0]}"
            yield f"the sentence '{name}' {holds}."
        elif _MARKUP.search(text):
            yield f"the sentence '{name}' must not hold <, > or \": write quotation marks as “ ” or « »."
        elif not text.strip():
            yield f"the sentence '{name}' is empty: remove it to have the standard one."
        elif wanted and "%" in _PLACEHOLDER.sub("", text).replace("%%", ""):
            yield f"the sentence '{name}' has a stray %: write it twice."


def nearest(language: str) -> str:
    """The nearest language that the program's own sentences may be translated to: 'pt-br' reads those in 'pt'."""
    try:
        return translation.get_supported_language_variant(language)
    except LookupError:
        return language


class _Overridden:
    """A translation that says a survey's sentences (by the English one) instead of its own."""

    def __init__(self, ordinary: Any, own: Mapping[str, str]) -> None:
        self._ordinary, self._own = ordinary, own

    def gettext(self, message: str) -> str:
        return self._own.get(message) or str(self._ordinary.gettext(message))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ordinary, name)


@contextmanager
def speaking(language: str, guide: Guide | None = None) -> Iterator[None]:
    """Inside, sentences are said in `language`, and as the guide words them where it does. Nothing outside this context changes."""
    own = _by_english(guide, language) if guide else {}
    with translation.override(nearest(language)):
        if own:
            # What translation.activate() sets, and translation.override() puts back: a value of this context alone.
            active: Any = vars(trans_real)["_active"]
            active.value = _Overridden(active.value, own)
        yield


def _by_english(guide: Guide, language: str) -> dict[str, str]:
    texts = guide.texts.get(language)
    if not texts or not texts.sentences:
        return {}
    known = standard()
    return {known[name]: text for name, text in texts.sentences.items() if name in known and not _MARKUP.search(text)}
