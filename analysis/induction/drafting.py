"""The accepted candidates as codes of a codebook: of a new dimension, or beside the codes that the dimension has."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User

from analysis import publishing
from analysis.codebook import NONE, Code, CodebookDocument, Dimension, Shape
from analysis.drafts import drafting as drafts
from analysis.drafts.records import CodebookDraft
from analysis.induction.records import Candidate, Round

LONGEST_KEY = 40
_NO_KEY = re.compile(r"[^a-z0-9]+")
NOTHING = Code(key=NONE, label="None of these", definition="Nothing was said that one of the other codes covers.")


class NothingAccepted(ValueError):
    """No candidate has been accepted."""


def make_draft(round_: Round, by: User) -> CodebookDraft:
    """The survey's draft codebook with the accepted codes; begun from the current version where there is none. Raises NothingAccepted, CodebookError,
    Overtaken."""
    draft = CodebookDraft.objects.filter(survey=round_.survey_id).first()
    if draft is None:
        return drafts.begin(round_.survey, document_of(round_), publishing.current(round_.survey), by)
    content = with_codes(drafts.read(draft.content), round_, _accepted(round_)).model_dump(mode="json")
    drafts.save(draft, content, revision=draft.revision, by=by)
    return draft


def document_of(round_: Round) -> CodebookDocument:
    """The current codebook and the accepted codes. Raises NothingAccepted."""
    present = publishing.current(round_.survey)
    return with_codes(present.document if present else None, round_, _accepted(round_))


def _accepted(round_: Round) -> list[Candidate]:
    accepted = list(Candidate.objects.filter(round=round_, status=Candidate.Status.ACCEPTED).order_by("pk"))
    if not accepted:
        raise NothingAccepted("Accept at least one code first.")
    return accepted


def with_codes(document: CodebookDocument | None, round_: Round, accepted: Sequence[Candidate]) -> CodebookDocument:
    """Quotes are left behind: a codebook version never changes, and a withdrawal must be able to reach a person's words."""
    dimensions = list(document.dimensions) if document else []
    place = next((at for at, each in enumerate(dimensions) if each.key == round_.dimension), None)
    had = dimensions[place].codes if place is not None else ()
    codes = (*(code for code in had if code.key != NONE), *_codes(accepted, {code.key for code in had}))
    none = next((code for code in had if code.key == NONE), NOTHING)
    if place is None:
        dimensions.append(
            Dimension(
                key=round_.dimension,
                title=round_.title,
                shape=Shape.MULTIPLE,
                instruction=round_.about,
                questions=tuple(round_.questions),
                codes=(*codes, none),
            )
        )
    else:
        dimensions[place] = dimensions[place].model_copy(update={"codes": (*codes, none)})
    title = document.title if document else round_.title
    return CodebookDocument.model_validate({"title": title, "dimensions": [each.model_dump() for each in dimensions]})


def _codes(accepted: Iterable[Candidate], taken: set[str]) -> list[Code]:
    taken, codes = {*taken, NONE}, []
    for candidate in accepted:
        key = free_key(candidate.label, taken)
        taken.add(key)
        examples = tuple(line.strip() for line in candidate.examples.splitlines() if line.strip())
        texts = {name: getattr(candidate, name) for name in ("label", "definition", "include", "exclude")}
        codes.append(Code(key=key, **texts, examples=examples))
    return codes


def free_key(label: str, taken: Iterable[str]) -> str:
    """'Losing one’s job' → 'losing_ones_job'; a label without Latin letters is numbered."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    base = _NO_KEY.sub("_", plain).strip("_")[:LONGEST_KEY].strip("_") or "code"
    key, number = base, 1
    while key in set(taken):
        number += 1
        key = f"{base}_{number}"
    return key
