"""XML of strangers as a tree of plain values. A document type, and with it every entity, is refused; so is what is nested too deep."""

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

DEEPEST = 100


class Refused(ValueError):
    """The text is no XML that is read here; the message says why, as a sentence."""


@dataclass
class Node:
    """One element. name: without its namespace."""

    namespace: str
    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, name: str) -> list["Node"]:
        return [child for child in self.children if child.name == name]

    def first_text(self, name: str) -> str:
        return next((child.text for child in self.all(name)), "")


def parse(data: bytes) -> Node:
    """Raises Refused."""
    root, above = Node("", "", {}), list[Node]()

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(above) > DEEPEST:
            raise Refused("The elements are nested too deep.")
        namespace, _, local = name.rpartition(" ")
        node = Node(namespace, local, attributes)
        above[-1].children.append(node)
        above.append(node)

    def text(piece: str) -> None:
        above[-1].text += piece

    above.append(root)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, lambda _: above.pop(), text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise error if isinstance(error, Refused) else Refused(f"This is not XML: {error}.") from error
    return root.children[0]


def _refuse(*_: Any) -> None:
    raise Refused("The file declares a document type or entities, which are not read.")
