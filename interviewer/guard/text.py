"""Text made comparable: one case, one form of each letter, each mark of punctuation a word of its own."""

import re
import unicodedata
from functools import cache

# Written without spaces between words, or, Korean, with spaces that writers set differently: phrases are looked for anywhere.
UNSPACED = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my"})

_TURKIC = frozenset({"tr", "az"})
_TURKISH = str.maketrans({"İ": "i", "I": "ı"})
_ARABIC_FORMS = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ـ": None} | {chr(mark): None for mark in range(0x064B, 0x0653)}
_INVISIBLE = {chr(code): None for code in (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF)}
_MARKS = dict.fromkeys("؟⁇՞፧", " ? ") | dict.fromkeys("。।॥։።", " . ") | dict.fromkeys("،、؛:;–—", " , ") | {mark: f" {mark} " for mark in ".,!?¿¡"}
_TO_PLAIN = str.maketrans(_ARABIC_FORMS | _INVISIBLE | _MARKS)
# Everything else that is no letter: quotation marks, apostrophes, brackets, hyphens, signs. Combining marks are letters' parts.
_OTHER = re.compile("[\\s\"'’‘`´“”„‚«»‹›「」『』()\\[\\]{}<>/\\\\|_~*+=&@#%^$§°•·‐‑\\-]+")


def is_unspaced(language: str) -> bool:
    return language.split("-")[0] in UNSPACED


def folded(text: str, language: str) -> str:
    """For looking up phrases. "Isn't it?" → "isn t it ?"; a language without spaces loses them all."""
    base = language.split("-")[0]
    text = text.translate(_TURKISH) if base in _TURKIC else text
    text = unicodedata.normalize("NFKC", text).casefold()
    if base == "el":
        text = text.replace(";", "?")
    return ("" if base in UNSPACED else " ").join(_OTHER.sub(" ", text.translate(_TO_PLAIN)).split())


@cache
def pattern(phrases: tuple[str, ...], language: str) -> re.Pattern[str] | None:
    """Finds any of the phrases in a folded text; "*" stands for the rest of a word. None where there are none."""
    if not phrases:
        return None
    parts = sorted({r"[^\s.,!?]*".join(re.escape(_phrase(part, language)) for part in phrase.split("*")) for phrase in phrases}, key=len)
    either = "|".join(reversed(parts))
    return re.compile(either if is_unspaced(language) else rf"(?<!\S)(?:{either})(?!\S)")


def _phrase(part: str, language: str) -> str:
    plain = folded(part, language)
    if not plain or is_unspaced(language):
        return plain
    # Folding loses the spaces beside a "*".
    return f"{' ' * part.startswith(' ')}{plain}{' ' * part.endswith(' ')}"
