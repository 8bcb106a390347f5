"""The rules of the REFI-QDA Codebook 1.0 schema, as its specification states them, to hold our files against.

The schema itself is not kept here: this says the same, rule by rule, of what a codebook may hold.
"""

import re
from xml.etree import ElementTree

SPACE = "{urn:QDA-XML:codebook:1.0}"
GUID = re.compile(r"([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})|(\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\})")
COLOR = re.compile(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})")
# Element: its attributes (required, optional), its children in order as (name, at least, at most).
MANY = 10**9
RULES: dict[str, tuple[set[str], set[str], list[tuple[str, int, int]]]] = {
    "CodeBook": (set(), {"origin"}, [("Codes", 1, 1), ("Sets", 0, 1)]),
    "Codes": (set(), set(), [("Code", 1, MANY)]),
    "Code": ({"guid", "name", "isCodable"}, {"color"}, [("Description", 0, 1), ("Code", 0, MANY)]),
    "Description": (set(), set(), []),
    "Sets": (set(), set(), [("Set", 1, MANY)]),
    "Set": ({"guid", "name"}, set(), [("Description", 0, 1), ("MemberCode", 0, MANY)]),
    "MemberCode": ({"guid"}, set(), []),
}


def problems(text: str) -> list[str]:
    """Why a validating program would refuse the file; empty where it would not."""
    root = ElementTree.fromstring(text.encode())
    return [f"root is {root.tag}"] if root.tag != f"{SPACE}CodeBook" else list(_of(root))


def _of(element: ElementTree.Element) -> list[str]:
    name = element.tag.removeprefix(SPACE)
    if name not in RULES or not element.tag.startswith(SPACE):
        return [f"{element.tag} is no element of the schema"]
    required, optional, children = RULES[name]
    found = [f"{name} lacks {each}" for each in sorted(required - set(element.attrib))]
    found += [f"{name} has {each}" for each in sorted(set(element.attrib) - required - optional)]
    found += [f"guid {element.attrib['guid']}"] if "guid" in element.attrib and not GUID.fullmatch(element.attrib["guid"]) else []
    found += [f"color {element.attrib['color']}"] if "color" in element.attrib and not COLOR.fullmatch(element.attrib["color"]) else []
    found += ["isCodable"] if name == "Code" and element.attrib.get("isCodable") not in ("true", "false", "1", "0") else []
    names = "".join(f"<{child.tag.removeprefix(SPACE)}>" for child in element)
    order = "".join(f"(<{child}>){{{least},{'' if most == MANY else most}}}" for child, least, most in children)
    found += [] if re.fullmatch(order, names) else [f"{name} holds {names}"]
    found += [f"{name} holds words"] if name != "Description" and (element.text or "").strip() else []
    return found + [problem for child in element for problem in _of(child)]
