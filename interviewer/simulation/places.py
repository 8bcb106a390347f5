"""Where simulated participants live and which language they speak there: invented proportions, not data."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

# Region → (weight of the region, its countries). Regional weights follow the sizes of the regional samples of a published study
# of about 81,000 interviews; those of countries (before the colon) and of languages within a country (after it) are guesses.
_TABLE: dict[str, tuple[int, str]] = {
    "North America": (23727, "US 88: en 88, es 12; CA 12: en 78, fr 22"),
    "Western Europe": (
        15261,
        "GB 30: en 100; DE 22: de 100; FR 16: fr 100; NL 7: en 100; CH 5: de 70, fr 30; BE 4: fr 60, en 40; SE 4: en 100; "
        "AT 3: de 100; IE 3: en 100; DK 2: en 100; NO 2: en 100; FI 2: en 100",
    ),
    "East Asia": (10250, "JP 42: ja 100; KR 33: ko 100; CN 20: zh-hans 100; HK 5: zh-hans 60, en 40"),
    "South and East Europe": (
        9385,
        "ES 28: es 100; IT 16: en 100; PL 13: en 100; PT 12: pt 100; RU 10: ru 100; UA 8: en 60, ru 40; RO 7: en 100; GR 6: en 100",
    ),
    "Latin America": (8139, "BR 40: pt 100; MX 22: es 100; AR 12: es 100; CO 10: es 100; CL 8: es 100; PE 5: es 100; EC 3: es 100"),
    "South Asia": (4579, "IN 76: hi 45, en 45, bn 10; BD 12: bn 85, en 15; PK 9: en 100; LK 3: en 100"),
    "South-East Asia": (2828, "ID 30: id 100; PH 25: en 100; VN 20: vi 100; MY 13: en 100; SG 12: en 80, zh-hans 20"),
    "Middle East": (
        1929,
        "TR 34: tr 100; SA 18: ar 100; AE 16: en 60, ar 40; IL 14: en 80, ar 20; JO 8: ar 100; IQ 6: ar 100; LB 4: ar 60, en 20, fr 20",
    ),
    "Oceania": (1832, "AU 82: en 100; NZ 18: en 100"),
    "Sub-Saharan Africa": (1651, "ZA 25: en 100; NG 25: en 100; KE 22: sw 55, en 45; TZ 12: sw 100; GH 8: en 100; CI 4: fr 100; SN 4: fr 100"),
    "North Africa": (574, "EG 50: ar 100; MA 25: ar 55, fr 45; DZ 15: ar 60, fr 40; TN 10: ar 70, fr 30"),
    "Central Asia": (315, "KZ 70: ru 100; UZ 20: ru 100; KG 10: ru 100"),
}


@dataclass(frozen=True)
class Place:
    region: str
    country: str
    language: str
    weight: float


@cache
def _all_places() -> tuple[Place, ...]:
    return tuple(
        Place(region, country, language, size * float(share) * float(spoken) / 10_000)
        for region, (size, countries) in _TABLE.items()
        for head, _, tail in (entry.partition(": ") for entry in countries.split("; "))
        for country, share in (head.split(),)
        for language, spoken in (part.split() for part in tail.split(", "))
    )


def places(languages: Sequence[str]) -> list[Place]:
    """Every country with each of `languages` spoken there. ValueError where none of them is spoken anywhere in the table."""
    found = [place for place in _all_places() if place.language in languages]
    if not found:
        raise ValueError(f"no simulated participant speaks {', '.join(languages)}")
    return found
