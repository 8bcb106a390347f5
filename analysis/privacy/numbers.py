"""Which strings of digits and letters are card, account and identity numbers: those whose check digits say so. Pure."""

from collections.abc import Callable

VERHOEFF_D = tuple(
    tuple(map(int, row))
    for row in (
        "0123456789",
        "1234067895",
        "2340178956",
        "3401289567",
        "4012395678",
        "5987604321",
        "6598710432",
        "7659821043",
        "8765932104",
        "9876543210",
    )
)
VERHOEFF_P = tuple(
    tuple(map(int, row)) for row in ("0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258")
)
SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE"


def digits(text: str) -> str:
    """The digits of any script, as ASCII."""
    return "".join(str(int(each)) for each in text if each.isdecimal())


def luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(number)) > 1


def card(text: str) -> bool:
    number = digits(text)
    return 13 <= len(number) <= 19 and number[0] in "23456" and luhn(number)


def iban(text: str) -> bool:
    bare = "".join(each for each in text if each.isalnum()).upper()
    if not (15 <= len(bare) <= 34 and bare.isascii()):
        return False
    return int("".join(str(int(each, 36)) for each in bare[4:] + bare[:4])) % 97 == 1


def aadhaar(text: str) -> bool:
    check = 0
    for place, digit in enumerate(reversed(digits(text))):
        check = VERHOEFF_D[check][VERHOEFF_P[place % 8][int(digit)]]
    return check == 0


def chinese(text: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], weights, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


def cpf(text: str) -> bool:
    number = [int(each) for each in digits(text)]
    checks = [sum(digit * (size + 1 - place) for place, digit in enumerate(number[:size])) * 10 % 11 % 10 for size in (9, 10)]
    return number[9:] == checks and len(set(number)) > 1


def dni(text: str) -> bool:
    number = text[:-1].upper().translate({ord("X"): "0", ord("Y"): "1", ord("Z"): "2"}).rstrip("- ")
    return SPANISH[int(number) % 23] == text[-1].upper()


def nir(text: str) -> bool:
    number = digits(text)
    return len(number) == 15 and 97 - int(number[:13]) % 97 == int(number[13:])


def personnummer(text: str) -> bool:
    return luhn(digits(text)[-10:])


def any_digits(text: str) -> bool:
    return True


Check = Callable[[str], bool]
