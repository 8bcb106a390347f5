"""A round, done: codes proposed interview by interview, compared batch by batch, worded; each batch is kept before the next is asked for."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F

from analysis.background.records import Piece
from analysis.background.running import Kind
from analysis.codebook import Dimension
from analysis.induction import asking, replies
from analysis.induction.asking import Entry
from analysis.induction.likeness import grouped, nearest
from analysis.induction.records import Candidate, Proposal, ProposalQuote, Relation, Round, RoundInterview
from analysis.induction.replies import CodeDescribed, Compared, Described, Placed, Proposed, Supported
from analysis.material import Material, digest, load
from analysis.models import TurnLanguage
from analysis.privacy.masked import shown_of
from analysis.step import UNAVAILABLE, unstruck
from llm import Completion, Model, ModelError, Prompt
from llm.offline.embedding import shared_embedder
from surveys.accounting import record_call

PURPOSE = "induction"
BATCH = 30  # proposals compared in one call
MOST_SHOWN = 60  # candidates they are compared with: those nearest in meaning
DESCRIBED = 10  # candidates worded in one call
MOST_MEMBERS, MOST_QUOTES = 12, 3


async def ask(round_: Round, participant: int | None, model: Model, prompt: Prompt, schema: type[Any]) -> Completion[Any]:
    """The reply, with the call kept in the accounts. Raises ModelError."""
    try:
        completion = await model.extract(prompt, schema)
    except ModelError as error:
        if error.code != UNAVAILABLE:
            await sync_to_async(record_call)(round_.survey_id, participant, PURPOSE, prompt, error)
        raise
    await sync_to_async(record_call)(round_.survey_id, participant, PURPOSE, prompt, completion)
    return completion


async def read(round_: Round, piece: RoundInterview, model: Model) -> None:
    material = asking.part(await sync_to_async(load)(piece.interview_id), round_.questions)
    found, dropped = tuple[Supported, ...](), 0
    if material.words:
        completion = await ask(round_, material.basis.participant_id, model, asking.propose(round_, material), Proposed)
        found, dropped = replies.supported(completion.value, material.words)
    await sync_to_async(_store)(piece, material, found, dropped)


def _store(piece: RoundInterview, material: Material, found: Sequence[Supported], dropped: int) -> None:
    with unstruck(material):
        piece.proposals.all().delete()
        for each in found:
            proposal = Proposal.objects.create(piece=piece, label=each.label, definition=each.definition)
            spans = [ProposalQuote(proposal=proposal, turn_id=e.turn, start=e.start, end=e.end, text=e.text) for e in each.evidence]
            ProposalQuote.objects.bulk_create(spans)
        RoundInterview.objects.filter(pk=piece.pk).update(status=Piece.Status.DONE, dropped=dropped, reason="")


async def finish(round_: Round, model: Model, may_go_on: Callable[[], Awaitable[None]]) -> None:
    while batch := await sync_to_async(_next_batch)(round_):
        await may_go_on()
        candidates, proposals = batch
        shown = {f"C{at}": each for at, each in enumerate(candidates, start=1)}
        prompt = asking.merge(
            round_,
            [await sync_to_async(_candidate_entry)(ref, each) for ref, each in shown.items()],
            [await sync_to_async(_proposal_entry)(f"P{at}", each) for at, each in enumerate(proposals, start=1)],
        )
        completion = await ask(round_, None, model, prompt, Compared)
        named = {f"P{at}": each for at, each in enumerate(proposals, start=1)}
        verdicts, unknown = replies.placed(completion.value, list(named), list(shown))
        await sync_to_async(_place)(round_, named, shown, verdicts, unknown)
    present = await sync_to_async(_present)(round_)
    while undescribed := await sync_to_async(_undescribed)(round_):
        await may_go_on()
        refs = {f"C{at}": each for at, each in enumerate(undescribed, start=1)}
        entries = [await sync_to_async(_with_members)(ref, each) for ref, each in refs.items()]
        prompt = asking.describe(round_, entries, present, await sync_to_async(lambda: round_.survey.analysis_language)())
        completion = await ask(round_, None, model, prompt, Described)
        codes = {code.key: code.label for code in present.codes} if present else {}
        words, unknown = replies.described(completion.value, refs, codes)
        await sync_to_async(_word)(round_, refs, words, unknown)


def _next_batch(round_: Round) -> tuple[list[Candidate], list[Proposal]] | None:
    """Proposals that were not compared yet, those alike together, and the candidates nearest to them; in an order that follows from their words."""
    left = list(Proposal.objects.filter(piece__round=round_, candidate=None).prefetch_related("quotes__turn"))
    if not left:
        return None
    left.sort(key=_canonical)
    embedder = shared_embedder()
    texts = [f"{each.label}. {each.definition}" for each in left]
    order = grouped(texts, embedder.vectors(texts))[:BATCH]
    batch = [left[place] for place in order]
    candidates = sorted(Candidate.objects.filter(round=round_).exclude(status=Candidate.Status.MERGED), key=lambda each: (each.label, each.pk))
    if not candidates:
        return [], batch
    known = embedder.vectors([f"{each.label}. {each.definition}" for each in candidates])
    near = nearest(embedder.vectors([texts[place] for place in order]), known, MOST_SHOWN)
    return [candidates[place] for place in near], batch


def _canonical(proposal: Proposal) -> str:
    return digest([proposal.label, proposal.definition, [[quote.turn.number, quote.start, quote.text] for quote in proposal.quotes.all()]])


def _said(proposals: Sequence[Proposal], most: int) -> tuple[tuple[str, str], ...]:
    quotes = [quote for each in proposals for quote in each.quotes.all()][:most]
    languages = dict(TurnLanguage.objects.filter(turn__in=[quote.turn_id for quote in quotes]).values_list("turn_id", "language"))
    shown = shown_of({quote.turn for quote in quotes})
    return tuple((shown[each.turn_id].part(each.start, each.end), languages.get(each.turn_id) or each.turn.held_in) for each in quotes)


def _proposal_entry(ref: str, proposal: Proposal) -> Entry:
    return Entry(ref, proposal.label, proposal.definition, _said([proposal], 1))


def _members(candidate: Candidate) -> list[Proposal]:
    found = Proposal.objects.filter(candidate=candidate).prefetch_related("quotes__turn")
    return sorted(found, key=_canonical)[:MOST_MEMBERS]


def _candidate_entry(ref: str, candidate: Candidate) -> Entry:
    return Entry(ref, candidate.label, candidate.definition, _said(_members(candidate), MOST_QUOTES))


def _with_members(ref: str, candidate: Candidate) -> tuple[Entry, list[Entry]]:
    members = _members(candidate)
    entries = [_proposal_entry(f"{ref}.{at}", each) for at, each in enumerate(members, start=1)]
    return Entry(ref, candidate.label, candidate.definition, _said(members, MOST_MEMBERS)), entries


@transaction.atomic
def _place(round_: Round, named: dict[str, Proposal], shown: dict[str, Candidate], verdicts: dict[str, Placed], unknown: int) -> None:
    """Those whose words were struck meanwhile are gone: nothing is made of them."""
    left = set(Proposal.objects.select_for_update().filter(pk__in=[each.pk for each in named.values()]).values_list("pk", flat=True))
    of = dict(shown)
    for ref, verdict in verdicts.items():
        proposal = named[ref]
        if proposal.pk not in left:
            continue
        candidate = of.get(verdict.of)
        if candidate is None or verdict.relation != Relation.SAME:
            parent = candidate and (candidate.parent or candidate)
            candidate = Candidate.objects.create(round=round_, label=proposal.label, definition=proposal.definition, parent=parent)
        of[ref] = candidate
        Proposal.objects.filter(pk=proposal.pk).update(candidate=candidate, relation=verdict.relation, reason=verdict.reason)
    Round.objects.filter(pk=round_.pk).update(refs_dropped=F("refs_dropped") + unknown)


def _present(round_: Round) -> Dimension | None:
    document = round_.codebook.document if round_.codebook else None
    return next((each for each in document.dimensions if each.key == round_.dimension), None) if document else None


def _undescribed(round_: Round) -> list[Candidate]:
    found = Candidate.objects.filter(round=round_, described=False, edited_by=None, status=Candidate.Status.PROPOSED)
    return sorted(found, key=lambda each: (each.label, each.pk))[:DESCRIBED]


@transaction.atomic
def _word(round_: Round, refs: dict[str, Candidate], words: dict[str, CodeDescribed], unknown: int) -> None:
    """What a person has edited meanwhile stays as it is. What the model left out keeps the words of its first proposal."""
    for ref, candidate in refs.items():
        undecided = Candidate.objects.filter(pk=candidate.pk, edited_by=None)
        code = words.get(ref)
        texts = ("definition", "include", "exclude", "existing", "relation", "reason")
        changes = {name: getattr(code, name).strip() for name in texts} | {"label": " ".join(code.label.split())[:200]} if code else {}
        undecided.update(described=True, **changes)
    Round.objects.filter(pk=round_.pk).update(refs_dropped=F("refs_dropped") + unknown)


KIND = Kind("induction", Round, lambda round_: round_.survey, read, finish)
