"""Addresses and telephone numbers in a turn that offers help, to be opened by a touch. Pure; in no other turn anything becomes a link."""

import re
from typing import NamedTuple

_FOUND = re.compile(r"(?P<address>https?://[^\s<>\"']+)|(?<![\w:/.+*-])(?P<number>[+*]?\d[\d ()-]{1,18}\d)(?![\w:/-])")


class Link(NamedTuple):
    text: str
    href: str


def links(text: str) -> list[Link]:
    """In the order of the text."""
    found = []
    for hit in _FOUND.finditer(text):
        if address := hit["address"]:
            address = address.rstrip(".,;:!?)")
            found.append(Link(address, address))
        elif sum(character.isdigit() for character in hit["number"]) >= 3:
            found.append(Link(hit["number"], "tel:" + re.sub(r"[^\d+*]", "", hit["number"])))
    return found
