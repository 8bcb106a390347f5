"""Postal addresses: a street's word with a house number, as far as that can be told by rule. Pure."""

import re

N = r"\d{1,4}(?:(?:-?[a-z]|[ -]?[A-Z])(?!\w))?"
CAP = r"[^\W\d_a-zà-öø-ÿа-яα-ω][\w'’.-]*"
SEVERAL = rf"{CAP}(?:\s{CAP}){{0,3}}"
PATTERNS = (
    rf"\b{N},?\s{SEVERAL}\s(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Close|Square|Terrace|Crescent|Place)\b\.?",
    r"\bP\.?\s?O\.?\s?Box\s\d+",
    rf"\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|straat|laan|plein|gracht|kade|gatan|vägen|gata|gaten|gate|veien|vej|gade"
    rf"|katu|kuja)\s{N}\b",
    rf"\b{CAP}\s(?:Straße|Strasse|Str\.|Weg|Platz|Allee|gate|vei|utca|út|tér)\s{N}\b",
    rf"\b{N}(?:\s(?:bis|ter))?,?\s(?:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|route)\s(?:(?:de|du|des|la|le|les|l['’]|d['’])\s?)*{SEVERAL}",
    rf"\b(?:[Cc]alle|[Aa]venida|[Aa]v\.|[Pp]laza|[Pp]aseo|[Cc]arrera|C/|[Rr]ua|[Tt]ravessa|[Pp]raça|[Aa]lameda|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Ss]trada|[Ss]tr\.)"
    rf"\s(?:(?:de|del|la|el|las|los|do|da|dos|das|dei|della|delle)\s)*{SEVERAL},?\s(?:n[.º°]?\s?)?(?:#\s?)?{N}\b",
    rf"\b(?:ul\.|[Uu]lica|[Uu]licy|al\.|[Aa]leja|[Aa]lei|ul|vul\.)\s{SEVERAL}\s{N}(?:/\d+)?",
    rf"\b(?:[Уу]л\.|[Уу]лица|[Уу]лице|[Вв]ул\.|[Вв]улиця|[Пп]роспект|[Пп]р\.|[Пп]ереулок|[Бб]ульвар)\s{SEVERAL},?\s(?:д\.|дом|буд\.)?\s?{N}(?:,?\s?(?:кв\.|квартира)\s?\d+)?",
    rf"\b{SEVERAL}\s(?:Caddesi|Cad\.|Sokak|Sokağı|Sok\.|Bulvarı|Mahallesi)\s?,?\s?(?:[Nn]o[:.]?\s?)?{N}",
    rf"\b(?:Jalan|Jl\.|Jln\.)\s{SEVERAL}\s?,?\s?(?:[Nn]o\.?\s?)?{N}",
    rf"\b(?:số\s)?{N}\s(?:đường|phố|Đường|Phố)\s{SEVERAL}",
    rf"\b(?:[Οο]δός|[Λλ]εωφόρος)\s{SEVERAL}\s{N}",
    r"[\u4e00-\u9fff]{2,6}[路街道巷弄]\s?\d+\s?[号號](?:\s?\d+\s?[室楼樓])?",
    r"[\u4e00-\u9fff\u30a0-\u30ffー]{1,8}\d+丁目(?:\d+(?:番地?|[-－]\d+)?(?:\d+号)?)?(?:[-－]\d+)*",
    r"[가-힣]{1,8}(?:대로|로|길)\s?\d+(?:번길)?(?:\s?\d+)?(?=\s|,|\.|번지|에|$)",
    r"(?:شارع|خیابان|كوچه|کوچه)\s\w+(?:\s\w+)?\s?[،,]?\s?(?:رقم|پلاک|عمارة)?\s?\d+",
    r"(?:रहता|रहती|मकान|फ्लैट|घर)\s?(?:नंबर|नं\.?|संख्या)\s?\d+[^\s,।]*",
    r"(?:רחוב)\s\w+(?:\s\w+)?\s\d+",
    r"(?:บ้านเลขที่|เลขที่)\s?\d+(?:/\d+)?(?:\s?(?:ถนน|ซอย)\s?\S+)?",
)
EACH = tuple(map(re.compile, PATTERNS))


def find(text: str) -> list[tuple[int, int]]:
    """(start, end) of each."""
    return [each.span() for pattern in EACH for each in pattern.finditer(text)]
