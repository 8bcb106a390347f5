"""Language codes, names and directions: one spelling for a language everywhere in the program."""

import unicodedata
from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError
from django.conf import settings

LANGUAGE_CHOICES: list[tuple[str, str]] = list(settings.LANGUAGES)

# What browsers, detectors and files call a language, and what we call it.
_SPELLINGS = {
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "no": "nb",
    "iw": "he",
    "in": "id",
    "tl": "fil",
}


def normalise(code: str) -> str:
    """'zh_CN' → 'zh-hans', 'NO' → 'nb', 'pt-BR' → 'pt-br'."""
    code = code.strip().lower().replace("_", "-")
    if code.startswith("zh-") and code not in _SPELLINGS:
        return "zh-hant" if any(part in ("hant", "tw", "hk", "mo") for part in code.split("-")) else "zh-hans"
    return _SPELLINGS.get(code, code)


def best_match(wanted: list[str], offered: list[str]) -> str:
    """The first of `wanted` that is offered, by whole code or by its language alone; else the first offered."""
    offered_by_base = {code.split("-")[0]: code for code in reversed(offered)}
    for code in map(normalise, wanted):
        if code in offered:
            return code
        if (base := code.split("-")[0]) in offered_by_base:
            return offered_by_base[base]
    return offered[0]


def accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, most wanted first."""
    weighted = []
    for position, part in enumerate(header.split(",")[:20]):
        code, _, parameter = part.strip().partition(";q=")
        try:
            weight = float(parameter or 1)
        except ValueError:
            continue
        if code and code != "*" and weight > 0:
            weighted.append((-weight, position, code))
    return [code for _, _, code in sorted(weighted)]


@cache
def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def direction(code: str) -> str:
    locale = _locale(code)
    return locale.text_direction if locale else "ltr"


# The zero of each numbering system that is a language's own; the other nine digits follow it in Unicode.
_ZEROS = {"arab": "\u0660", "arabext": "\u06f0", "beng": "\u09e6", "deva": "\u0966", "mymr": "\u1040"}


def numbering(code: str) -> str:
    """Unicode's name of the digits that the language is written with, as CLDR has it: 'latn', 'beng' …"""
    locale = _locale(code)
    system = locale.default_numbering_system if locale else "latn"
    return system if system in _ZEROS else "latn"


def digits(text: str, code: str) -> str:
    """The text with its digits written the language's way: '7' → '৭' in Bengali."""
    zero = _ZEROS.get(numbering(code))
    return text.translate({ord("0") + digit: ord(zero) + digit for digit in range(10)}) if zero else text


def name(code: str, display: str = "en") -> str:
    locale, shown = _locale(code), _locale(display)
    return (locale.get_display_name(shown) if locale and shown else None) or code


def own_name(code: str) -> str:
    return dict(LANGUAGE_CHOICES).get(code) or name(code, code)


def menu(codes: Iterable[str]) -> list[dict[str, str]]:
    """The languages as a menu shows them: code, own name, direction."""
    return [{"code": code, "name": own_name(code), "direction": direction(code)} for code in codes]


def country_name(code: str, display: str = "en") -> str:
    locale = _locale(display) or Locale("en")
    return locale.territories.get(code.upper(), code) if code else ""


@cache
def countries(display: str = "en") -> list[tuple[str, str]]:
    """(ISO 3166-1 alpha-2 code, name in `display`), by name; É stands with E."""
    locale = _locale(display) or Locale("en")
    named = [(code, locale.territories.get(code, code)) for code in ISO_COUNTRIES]
    return sorted(named, key=lambda pair: _without_accents(pair[1]))


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not "\u0300" <= letter <= "\u036f").casefold()


_ISO_COUNTRIES = """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG
CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM
GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ
OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC
TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"""
ISO_COUNTRIES = tuple(_ISO_COUNTRIES.split())
