"""Names of people: after words that introduce them, after titles, before forms of address. The words of each language stand in names.yaml. Pure."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import yaml

WORDS = yaml.safe_load((Path(__file__).parent / "names.yaml").read_text(encoding="utf-8"))
Span = tuple[int, int]

LETTER = r"[^\W\d_]"
JOINED = r"(?:['’ʼ‐-](?=[^\W\d_]))"
MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0963\u0981-\u09e3\u0b82-\u0bcd\u200c\u200d"
WORD = rf"(?:{LETTER}|[{MARKS}])+(?:{JOINED}(?:{LETTER}|[{MARKS}])+)*"
# Between the parts of a name.
LINKS = r"(?:van|von|de|der|den|da|do|dos|del|della|di|la|el|al|bin|bint|ibn|ben|le|af|zu|ter)"
INITIAL = rf"{LETTER}\."
NAME = re.compile(rf"(?:{WORD}|{INITIAL})(?:\s(?:{LINKS}\s)*(?:{WORD}|{INITIAL}))*")
HAN = r"[\u4e00-\u9fff]"
PROPAGATED = 3  # letters a name must have to be looked for elsewhere; two where words are not parted by blanks
MOST_PARTS = 3


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’ʼ]") for word in sorted(words, key=len, reverse=True))


class Must(StrEnum):
    """What the word after a lead has to be, to be taken for a name."""

    BE_A_WORD = "introductions"
    BE_CAPITALISED = "of_others"
    BE_GIVEN = "weak"  # a known given name: 'I am German' is like 'I am Maria'


LEADS = tuple((lead, must, re.compile(rf"(?<!\w){_alternatives([lead])}[\s:：]+", re.IGNORECASE)) for must in Must for lead in WORDS[must.value])
TITLES = re.compile(rf"(?<!\w)(?:{_alternatives(WORDS['titles'])})\s+")
FIRST_TITLES = tuple(dict.fromkeys(title.split()[0] for title in WORDS["titles"]))
GIVEN = frozenset(WORDS["given"].split())
NO_NAMES = frozenset(WORDS["no_names"].split())
SHARED = frozenset(WORDS["shared"].split())
SURNAMES = WORDS["surnames"].replace(" ", "").replace("\n", "")
KOREAN = WORDS["korean"].replace(" ", "")
AROUND: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("我叫", re.compile(rf"我叫(?:做)?(?P<name>[{SURNAMES}]{HAN}{{1,2}}?)(?=[，。、！？,.!\s]|$|今|来|來|是|在|，|和|我|住|的)")),
    ("名字", re.compile(rf"名字(?:叫|是|叫做)(?P<name>{HAN}{{2,4}}?)(?=[，。、！？,.!\s]|$|今|来|來|在|住|我)")),
    ("我姓", re.compile(rf"我姓(?P<name>[{SURNAMES}])")),
    *((title, re.compile(rf"(?P<name>[{SURNAMES}]{HAN}{{0,2}}?)(?:{title})")) for title in ("先生", "女士", "小姐", "太太")),
    ("名前は", re.compile(rf"名前は\s?(?P<name>[\u3040-\u30ffー{HAN[1:-1]}\s]{{1,10}}?)(?=です|と|といいます|、|。)")),
    ("と申します", re.compile(rf"(?:^|[、。は\s])(?P<name>[\u30a0-\u30ffー{HAN[1:-1]}]{{2,8}})と申します")),
    ("といいます", re.compile(rf"(?:^|[、。は\s])(?P<name>[\u30a0-\u30ffー{HAN[1:-1]}]{{2,8}})といいます")),
    ("と言います", re.compile(rf"(?:^|[、。は\s])(?P<name>[\u30a0-\u30ffー{HAN[1:-1]}]{{2,8}})と言います")),
    (
        "さん",
        re.compile(r"(?:^|[、。はがのとに\s])(?P<name>(?!皆|客|母|父|姉|兄|奥|娘|息子|患者|お)[\u30a0-\u30ffー\u4e00-\u9fff]{2,5})さん(?!\w*屋)"),
    ),
    ("이름은", re.compile(r"이름은\s?(?P<name>[가-힣]{2,4}?)(?=이고|이라|입니다|이에요|예요|이며|\s|,|\.|$)")),
    ("라고", re.compile(rf"(?:저는|나는|제가)\s(?P<name>[{KOREAN}][가-힣]{{1,3}}?)(?:이라고|라고)\s?(?:합니다|해요|불러|하며)")),
    ("씨", re.compile(rf"(?<!\w)(?P<name>[{KOREAN}][가-힣]{{1,2}})\s?씨(?=\s|[가는와의를도,.]|께)")),
    ("ชื่อ", re.compile(r"(?:ผม|ฉัน|ดิฉัน|หนู)ชื่อ\s?(?P<name>[\u0e00-\u0e7f]{2,20})(?=\s|$|[,.])")),
    ("คุณ", re.compile(r"(?:^|\s)คุณ(?P<name>[\u0e00-\u0e7f]{3,12})(?=\s|$)")),
    ("नाम", re.compile(rf"नाम\s(?P<name>{WORD}(?:\s{WORD})?)\s(?:है|हे|हैं|था|थी)")),
    ("নাম", re.compile(rf"(?:আমার|তার|ওর)\sনাম\s(?P<name>{WORD}(?:\s{WORD})?)(?=[।,.\s]|$)")),
    ("نام", re.compile(rf"(?:میرا|ان کا|اس کا)\sنام\s(?P<name>{WORD}(?:\s{WORD})?)\sہے")),
    ("من", re.compile(rf"(?:اسم|نام)\sمن\s(?P<name>{WORD}(?:\s{WORD})?)\s(?:است|هست)")),
    ("பெயர்", re.compile(rf"(?:என்|எனது)\sபெயர்\s(?P<name>{WORD})")),
    ("hívnak", re.compile(r"(?P<name>(?:[A-ZÁÉÍÓÖŐÚÜŰ]\w+\s){1,2}?[A-ZÁÉÍÓÖŐÚÜŰ]\w+)nak\shívnak|(?P<other>[A-ZÁÉÍÓÖŐÚÜŰ]\w+)(?:nak|nek)\shívnak")),
)


def find(text: str, folded: str) -> Iterator[Span]:
    """folded: the text with its case folded, where the words that lead to a name are looked for first."""
    straight = folded.replace("’", "'")
    for lead, must, pattern in LEADS:
        if lead in straight:
            yield from _after(pattern, text, must)
    if any(title in text for title in FIRST_TITLES):
        yield from _titled(text)
    for trigger, pattern in AROUND:
        if trigger in text:
            for match in pattern.finditer(text):
                group = "name" if match["name"] else "other"
                start, end = match.span(group)
                yield start + len(match[group]) - len(match[group].lstrip()), end


def _after(pattern: re.Pattern[str], text: str, must: Must) -> Iterator[Span]:
    for match in pattern.finditer(text):
        found = NAME.match(text, match.end())
        if found and (end := _end(text, found.start(), found.end(), must)):
            yield found.start(), end


def _end(text: str, start: int, end: int, must: Must) -> int:
    """How far the name goes: capitalised words up to three; else one word that can be a name. 0: it is none."""
    parts = [(start + each.start(), start + each.end()) for each in re.finditer(r"\S+", text[start:end])]
    first = text[slice(*parts[0])].rstrip(".").casefold()
    is_lower = text[start].islower()
    if first in NO_NAMES or (must is Must.BE_GIVEN and first not in GIVEN) or (must is not Must.BE_A_WORD and is_lower):
        return 0
    if not text[start].isupper():
        take = 1 if is_lower or len(parts) == 1 else _uncased(text, parts)
        return parts[take - 1][1]
    reach, count = 0, 0
    for left, right in parts:
        word = text[left:right]
        if word[0].isupper() and word.casefold() not in NO_NAMES:
            reach, count = right, count + 1
        elif re.fullmatch(LINKS, word) is None:
            break
        if count == MOST_PARTS:
            break
    return reach


def _uncased(text: str, parts: list[Span]) -> int:
    """Where a script has no capitals, a family name follows unless the next word is a common one."""
    word = text[slice(*parts[1])]
    return 1 if word.casefold() in NO_NAMES or word.startswith(("و", "من", "ו", "מ")) else 2


def _titled(text: str) -> Iterator[Span]:
    for match in TITLES.finditer(text):
        found = NAME.match(text, match.end())
        if found and text[found.start()].isupper() and (end := _end(text, found.start(), found.end(), Must.BE_CAPITALISED)):
            yield found.start(), end


def elsewhere(text: str, known: Iterable[str]) -> Iterator[Span]:
    """Where names found in other turns of the interview stand in this one."""
    pattern = _known(frozenset(part for name in known for part in _parts(name)))
    if pattern is not None:
        yield from (match.span() for match in pattern.finditer(text))


def _parts(name: str) -> list[str]:
    unspaced = re.fullmatch(r"[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+", name) is not None
    if unspaced:
        return [name] if len(name) >= PROPAGATED - 1 else []
    return [part for part in name.split() if len(part) >= PROPAGATED and part.casefold() not in SHARED and not re.fullmatch(LINKS, part)]


@lru_cache(maxsize=256)
def _known(parts: frozenset[str]) -> re.Pattern[str] | None:
    if not parts:
        return None
    each = (
        re.escape(part) if re.match(r"[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]", part) else rf"(?<!\w){re.escape(part)}(?!\w)"
        for part in parts
    )
    return re.compile("|".join(sorted(each, key=len, reverse=True)))
