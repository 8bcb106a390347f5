"""Receipt codes: what a participant keeps to withdraw later, without their link and without an account. Pure."""

import hashlib
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U to be misread
LENGTH, GROUP = 16, 4  # 16 characters of 5 bits: at 80 bits, guessing is hopeless at any rate
MISREAD = str.maketrans("OIL", "011")


def code(token: str) -> str:
    """Four groups of four, always the same for one link; the link cannot be had back from it."""
    number = int.from_bytes(hashlib.sha256(f"receipt:{token}".encode()).digest()[:10])
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def fingerprint(code: str) -> str:
    """What is stored of a code, however it was typed: SHA-256, hex; "" for what cannot be a code."""
    letters = "".join(map(_plain, unicodedata.normalize("NFKC", code))).upper().translate(MISREAD)
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return ""
    return hashlib.sha256(letters.encode()).hexdigest()


def _plain(character: str) -> str:
    """Digits of every script as 0 to 9; hyphens, blanks and marks left out."""
    digit = unicodedata.digit(character, None)
    return str(digit) if digit is not None else character if character.isalpha() else ""
