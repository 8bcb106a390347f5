"""E-mail addresses and names as people write them, made fit for comparing, for headers and for storing. Pure."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST_ADDRESS, LONGEST_NAME = 254, 200
# They would turn around the text that follows a name.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")


class NotAnAddress(ValueError):
    """Raised for what no mail can be sent to."""


def address(written: str) -> str:
    """The address without blanks around it. Raises NotAnAddress."""
    found = unicodedata.normalize("NFC", written.strip())
    try:
        validate_email(found)
    except ValidationError as error:
        raise NotAnAddress from error
    if len(key(found)) > LONGEST_ADDRESS:
        raise NotAnAddress
    return found


def key(found: str) -> str:
    """What two spellings of one address have in common: letters' case does not tell people apart."""
    return found.lower()


def name(written: str) -> str:
    """On one line, without control characters: it stands in a header."""
    visible = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in _TURNING.sub("", written))
    return " ".join(unicodedata.normalize("NFC", visible).split())
