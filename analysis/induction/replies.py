"""What a model answers in a round of induction, and what of it stands. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from analysis.coding import Evidence, QuoteGiven
from analysis.induction.records import Relation
from analysis.material import Said
from analysis.quoting import located

MOST_CODES = 8
LONGEST_LABEL = 200


class CodeProposed(BaseModel):
    label: str
    definition: str
    quotes: list[QuoteGiven]


class Proposed(BaseModel):
    codes: list[CodeProposed]


class Verdict(BaseModel):
    proposal: str = Field(description="P1, P2, …")
    relation: Literal["same", "child", "different"]
    of: str = Field(description="The candidate or proposal it is compared with, such as C1 or P2; empty where it is different from all.")
    reason: str


class Compared(BaseModel):
    verdicts: list[Verdict]


class CodeDescribed(BaseModel):
    candidate: str = Field(description="C1, C2, …")
    label: str
    definition: str
    include: str
    exclude: str
    relation: Literal["same", "child", "different"]
    existing: str
    reason: str


class Described(BaseModel):
    codes: list[CodeDescribed]


@dataclass(frozen=True)
class Supported:
    """A proposal with the spans that show it."""

    label: str
    definition: str
    evidence: tuple[Evidence, ...]


def supported(reply: Proposed, words: Sequence[Said]) -> tuple[tuple[Supported, ...], int]:
    """The proposals that the transcript bears out, one for each label, and how many quotes it does not hold."""
    kept: dict[str, Supported] = {}
    dropped = 0
    for code in reply.codes[:MOST_CODES]:
        evidence, missing = located(code.quotes, words)
        dropped += missing
        label = " ".join(code.label.split())[:LONGEST_LABEL]
        if evidence and label:
            kept.setdefault(label.casefold(), Supported(label, code.definition.strip(), evidence))
    return tuple(kept.values()), dropped


@dataclass(frozen=True)
class Placed:
    """Where a proposal goes. of: the candidate or proposal whose code it is, or is a child of; '' where it is a code of its own."""

    relation: Relation
    of: str
    reason: str


def placed(reply: Compared, proposals: Sequence[str], candidates: Collection[str]) -> tuple[dict[str, Placed], int]:
    """One verdict for each proposal, in an order in which what is named stands before; and how many names were not shown.

    What has no verdict, names itself or nothing that was shown, or hangs on others in a circle, is a code of its own.
    """
    given: dict[str, Verdict] = {}
    for verdict in reply.verdicts:
        given.setdefault(verdict.proposal, verdict)
    unknown = sum(1 for verdict in reply.verdicts if verdict.proposal not in proposals)
    known = {*candidates, *proposals}
    waiting: dict[str, Placed] = {}
    for name in proposals:
        said = given.get(name)
        alone = said is None or said.relation == "different" or said.of == name or said.of not in known
        unknown += bool(said and said.relation != "different" and (said.of == name or said.of not in known))
        waiting[name] = Placed(Relation.DIFFERENT, "", said.reason if said else "") if said is None or alone else _verdict(said)
    return _in_order(waiting, candidates), unknown


def _verdict(said: Verdict) -> Placed:
    return Placed(Relation(said.relation), said.of, said.reason)


def _in_order(waiting: dict[str, Placed], candidates: Collection[str]) -> dict[str, Placed]:
    done: dict[str, Placed] = {}
    while waiting:
        ready = [name for name, each in waiting.items() if not each.of or each.of in candidates or each.of in done]
        if not ready:  # a circle: its first proposal becomes a code
            ready = [next(iter(waiting))]
            waiting[ready[0]] = Placed(Relation.DIFFERENT, "", waiting[ready[0]].reason)
        done |= {name: waiting.pop(name) for name in ready}
    return done


def described(reply: Described, candidates: Collection[str], existing: Mapping[str, str]) -> tuple[dict[str, CodeDescribed], int]:
    """The words for each candidate that was shown; a relation to a code that is not in the codebook is none. And how many names were not shown."""
    kept: dict[str, CodeDescribed] = {}
    unknown = 0
    for code in reply.codes:
        if code.candidate not in candidates or not code.label.strip():
            unknown += 1
            continue
        if code.relation == "different" or code.existing not in existing:
            unknown += code.relation != "different"
            code = code.model_copy(update={"relation": "different", "existing": ""})
        kept.setdefault(code.candidate, code)
    return kept, unknown
