"""Text that a stranger may have written, as a spreadsheet's cell: it comes back whole, and no spreadsheet runs it."""

import re

# A spreadsheet runs a cell that begins with one of these, whatever quotes the file has around it.
STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
APOSTROPHE = "'"
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def guard(text: str) -> str:
    """The text with one apostrophe before it if it begins like a formula, after blanks or not, or with an apostrophe itself."""
    return APOSTROPHE + text if text.lstrip(" \u00a0\ufeff").startswith(STARTS_A_FORMULA) or text.startswith(APOSTROPHE) else text


def unguard(cell: str) -> str:
    return cell[1:] if cell.startswith(APOSTROPHE) else cell


def storable(text: str) -> str:
    """U+FFFD for what no CSV file can hold: NUL, and halves of surrogate pairs. Neither is ever part of what a person wrote."""
    return UNSTORABLE.sub("\ufffd", text)
