"""What in a text tells who is speaking, by rule: addresses of all sorts, numbers and names. Pure."""

import re
from collections.abc import Iterator

from analysis.privacy import names, numbers, places
from analysis.privacy.masking import Hidden, Kind, joined

VERSION = "1"  # raise it when other words are found than before

# Letters of scripts that part words by blanks: elsewhere an address would take in the sentence before it.
L = r"[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]"
# A digit or letter of a script that parts words by blanks: a number goes on there. Where words are not parted, it ends.
EDGE = "[0-9A-Za-z\u00c0-\u024f\u0370-\u04ff_]"
EMAIL = re.compile(
    rf"(?:{L}|[.%+'-])+(?:\s?(?:@|＠|\(at\)|\[at\])\s?|\sat\s(?=\S+\sdot\s))(?:{L}|-)+(?:(?:\.|\s?(?:\(dot\)|\[dot\])\s?|\sdot\s)(?:{L}|-)+)+",
    re.IGNORECASE,
)
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'،。，、）)]+"
    r"|\b(?:[a-z0-9-]+\.)*(?:linkedin|facebook|fb|instagram|twitter|x|tiktok|github|vk|youtube|threads|t|wa|weibo|medium)\.(?:com|me|org|net)"
    r"/[^\s<>\"'،。，、）)]+",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?<![\w@.＠/])[@＠](?=[\w.]*[^\W\d])[A-Za-z0-9_][A-Za-z0-9_.]{1,28}[A-Za-z0-9_](?![\w(])")
NETWORKS = (
    "instagram insta telegram twitter snapchat snap tiktok wechat weixin discord skype facebook linkedin whatsapp reddit"
    " 微信 微博 ライン インスタ 카톡 카카오톡 телеграм телеграме инстаграм инста انستغرام تيليجرام تلگرام اینستاگرام इंस्टाग्राम टेलीग्राम"
)
NAMED = re.compile(
    rf"(?:{'|'.join(NETWORKS.split())})[^\w\n]{{0,2}}(?:\s*(?:is|id|handle|name|user|username|account|号|號|是|es|est|ist|é|ник|में|है|هو))*\s*[:：]?\s*"
    r"(?P<handle>(?=[A-Za-z0-9_.-]*[0-9_])[A-Za-z][A-Za-z0-9_.-]{3,29}[A-Za-z0-9_])",
    re.IGNORECASE,
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII)
GROUPED = re.compile(rf"(?<!{EDGE})(?<![\d.,+])\d(?:[ -]?\d){{12,18}}(?!{EDGE}|\d)")
IDS: tuple[tuple[re.Pattern[str], numbers.Check], ...] = tuple(
    (re.compile(rf"(?<!{EDGE})(?<![+.-]){pattern}(?!{EDGE}|\d|-)"), check)
    for pattern, check in (
        (r"\d{3}-\d{2}-\d{4}", numbers.any_digits),  # United States
        (r"[1-9]\d{5}(?:19|20)\d{9}[\dXx]", numbers.chinese),
        (r"\d{4}[ -]\d{4}[ -]\d{4}", numbers.aadhaar),
        (r"[A-Z]{5}\d{4}[A-Z]", numbers.any_digits),  # India, tax
        (r"\d{3}\.\d{3}\.\d{3}-\d{2}", numbers.cpf),
        (r"(?:\d{8}|[XYZ]\d{7})-?[A-Z]", numbers.dni),
        (r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", numbers.any_digits),  # Italy
        (r"[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}", numbers.nir),
        (r"[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]", numbers.any_digits),  # United Kingdom
        (r"(?:19|20)?\d{6}[-+]\d{4}", numbers.personnummer),
        (r"\d{6}[-‐]?[1-4]\d{6}", numbers.any_digits),  # Korea
    )
)
ID_TERMS = (
    *("passport", "national id", "id number", "id no", "identity card", "identity number", "id card", "licence number", "license number"),
    *("social security number", "employee number", "patient number", "student number", "passeport", "numéro de sécurité sociale", "carte d'identité"),
    *("personalausweis", "ausweisnummer", "reisepass", "steuernummer", "versicherungsnummer", "pasaporte", "cédula", "documento de identidad"),
    *(
        "passaporte",
        "carteira de identidade",
        "passaporto",
        "codice fiscale",
        "paspoort",
        "burgerservicenummer",
        "bsn",
        "pesel",
        "dowód",
        "passnummer",
    ),
    *(
        "паспорт",
        "снилс",
        "инн",
        "kimlik",
        "nik",
        "ktp",
        "cccd",
        "cmnd",
        "hộ chiếu",
        "身份证",
        "護照",
        "护照",
        "身分證",
        "パスポート",
        "マイナンバー",
    ),
    *("여권", "주민등록번호", "جواز", "الهوية", "بطاقة", "گذرنامه", "کد ملی", "شناختی کارڈ", "पासपोर्ट", "आधार", "পাসপোর্ট", "kitambulisho", "pasipoti"),
    *("דרכון", "תעודת זהות", "διαβατήρι", "ταυτότητα", "หนังสือเดินทาง", "บัตรประชาชน"),
)
ID_NAMED = re.compile(
    rf"(?:{'|'.join(map(re.escape, ID_TERMS))})[^\d\n.!?。]{{0,24}}?(?P<id>(?<![^\W\d_])(?-i:[A-Z]{{0,3}})[ -]?\d(?:[ /-]?[\dA-Z]){{4,17}})(?![a-z])",
    re.IGNORECASE,
)
DENSE = re.compile(r"\d(?:[^\w\n]{0,3}[A-Z]{0,3}\d){4}")
SEPARATED = r"(?:[ \u00a0./‐‑-]{0,2}\(?\d\)?)"
PHONE = re.compile(
    rf"(?<!{EDGE})(?<![\d.,:/+-])(?<!\d )(?:(?:\+|＋|00)[ ]?\(?[1-9\u0661-\u0669\u06f1-\u06f9\u0967-\u096f\u09e7-\u09ef]{SEPARATED}{{6,14}}"
    rf"|\(?0\)?{SEPARATED}{{7,12}}|\(?[2-9]\d{{2}}\)?[ .-]\d{{3}}[ .-]\d{{4}}"
    rf"|[\u0660\u06f0\u0966\u09e6][ -]?\d{SEPARATED}{{6,12}}|1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}|[6-9]\d{{4}} ?\d{{5}})(?!{EDGE}|[\d%])"
)
PHONE_TERMS = (
    *("phone", "telephone", "tel", "call me", "text me", "mobile", "cell", "whatsapp", "my number", "ring me", "téléphone", "portable", "appelez"),
    *(
        "telefon",
        "handy",
        "mobil",
        "teléfono",
        "celular",
        "móvil",
        "llámame",
        "telefone",
        "telemóvel",
        "telefono",
        "cellulare",
        "telefoon",
        "puhelin",
    ),
    *(
        "телефон",
        "номер",
        "звоните",
        "τηλέφωνο",
        "κινητό",
        "telepon",
        "nomor",
        "hp",
        "điện thoại",
        "simu",
        "namba",
        "电话",
        "電話",
        "手机",
        "手機",
        "携帯",
    ),
    *(
        "전화",
        "연락처",
        "휴대폰",
        "هاتف",
        "هاتفي",
        "جوال",
        "رقمي",
        "موبايل",
        "تلفن",
        "شماره",
        "موبایل",
        "फोन",
        "फ़ोन",
        "मोबाइल",
        "নম্বর",
        "ফোন",
        "தொலைபேசி",
    ),
    *("טלפון", "נייד", "โทร", "เบอร์"),
)
PHONE_NAMED = re.compile(
    rf"(?:{'|'.join(map(re.escape, PHONE_TERMS))})[^\d\n]{{0,18}}?(?P<phone>\+?\(?\d{SEPARATED}{{6,14}})(?!{EDGE}|[\d%])", re.IGNORECASE
)
DATE = re.compile(r"\d{1,4}[./ -]\d{1,2}[./ -]\d{1,4}")


def find(text: str) -> tuple[Hidden, ...]:
    """In order and apart."""
    return joined(_all(text), len(text))


def _all(text: str) -> Iterator[Hidden]:
    folded = text.lower()
    if "@" in text or "＠" in text or "(at)" in folded or "[at]" in folded or " dot " in folded:
        yield from _matches(EMAIL, text, Kind.EMAIL)
        yield from _matches(HANDLE, text, Kind.HANDLE)
    if "/" in text or "www." in folded:
        yield from (Hidden(each.start(), each.start() + len(each[0].rstrip(".,;:!?")), Kind.LINK) for each in LINK.finditer(text))
    if any(character.isdecimal() for character in text):
        yield from _numbers(text)
        yield from (Hidden(start, end, Kind.ADDRESS) for start, end in places.find(text))
    if any(network in folded for network in NETWORKS.split()):
        yield from (Hidden(*each.span("handle"), Kind.HANDLE) for each in NAMED.finditer(text))
    yield from (Hidden(start, end, Kind.NAME) for start, end in names.find(text, folded))


def _matches(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Hidden]:
    return (Hidden(*each.span(), kind) for each in pattern.finditer(text))


def _numbers(text: str) -> Iterator[Hidden]:
    if not DENSE.search(text):
        return
    yield from _accounts(text)
    yield from (Hidden(*each.span(), Kind.CARD) for each in GROUPED.finditer(text) if numbers.card(each[0]))
    for pattern, check in IDS:
        yield from (Hidden(*each.span(), Kind.ID) for each in pattern.finditer(text) if check(each[0]))
    yield from (Hidden(*each.span("id"), Kind.ID) for each in ID_NAMED.finditer(text))
    yield from (Hidden(*each.span(), Kind.PHONE) for each in PHONE.finditer(text) if _dialled(each[0]))
    yield from (Hidden(*each.span("phone"), Kind.PHONE) for each in PHONE_NAMED.finditer(text) if _dialled(each["phone"]))


def _accounts(text: str) -> Iterator[Hidden]:
    """What follows a number may look like a part of it: its check digits say where it ends."""
    for match in IBAN.finditer(text):
        ends = [end for end in range(match.end(), match.start() + 14, -1) if end == len(text) or not text[end].isalnum()]
        if end := next((end for end in ends if numbers.iban(text[match.start() : end])), None):
            yield Hidden(match.start(), end, Kind.ACCOUNT)


def _dialled(number: str) -> bool:
    """A date is not a phone number, nor is a number with thousands parted."""
    return 7 <= len(numbers.digits(number)) <= 15 and not DATE.fullmatch(number.strip())
