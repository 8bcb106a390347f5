"""Which file holds a codebook in which form: told by how its name ends."""

from pathlib import PurePath

from analysis import publishing
from analysis.codebook import CodebookDocument
from analysis.exchange import qdc, qdc_in, tabular

CONTENT_TYPES = {"yaml": "application/yaml", "csv": "text/csv", "qdc": "application/xml"}
READERS = {"yaml": publishing.read, "yml": publishing.read, "csv": tabular.read, "qdc": qdc_in.read}


def read(name: str, content: str | bytes) -> CodebookDocument:
    """name: the file's. Raises CodebookError."""
    return READERS.get(PurePath(name).suffix.removeprefix(".").lower(), publishing.read)(content)


def write(form: str, document: CodebookDocument, *, of: str) -> str:
    """form: one of CONTENT_TYPES. of: the survey's slug."""
    if form == "qdc":
        return qdc.write(document, of=of)
    return tabular.write(document) if form == "csv" else publishing.write(document)
