"""The one way to what researchers read: the words of turns with what identifies people masked, whether or not the analysis has been there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from analysis.models import StepResult
from analysis.privacy import interview, names, rules
from analysis.privacy.interview import Said
from analysis.privacy.masking import Hidden, Kind, Shown, joined
from analysis.privacy.records import Mask
from interviewer.models import Turn
from surveys.models import Participant

STEP = "mask"
Found = dict[int, tuple[Hidden, ...]]


def shown(turn: Turn) -> Shown:
    """One turn; of several, `shown_of` asks the database once."""
    return shown_of([turn])[turn.pk]


def shown_of(turns: Iterable[Turn]) -> dict[int, Shown]:
    """By turn."""
    return shown_texts({turn.pk: (turn.interview_id, turn.text) for turn in turns})


def shown_texts(texts: Mapping[int, tuple[int, str]]) -> dict[int, Shown]:
    """The same of rows read otherwise: turn → (its interview, its text)."""
    people = _rows(texts)
    fresh = _last_masked({of for of, _ in texts.values()})
    loose = {of for turn, (of, text) in texts.items() if text and turn > fresh.get(of, 0)}
    by_rule = found_by_rule(loose) if loose else {}
    return {
        turn: interview.decided(
            text,
            people[turn].found if turn <= fresh.get(of, 0) else (*people[turn].by_model, *by_rule.get(turn, ())),
            people[turn].added,
            people[turn].lifted,
        )
        for turn, (of, text) in texts.items()
    }


def plain(text: str, known: Collection[str] = ()) -> str:
    """What participants wrote elsewhere, and what was made of their words: masked by the rules, and where it has names that are `known`."""
    if not text:
        return text
    hidden = [*rules.find(text), *(Hidden(start, end, Kind.NAME) for start, end in names.elsewhere(text, known))]
    return Shown(text, joined(hidden, len(text))).text


def names_in(interviews: Collection[int]) -> dict[int, set[str]]:
    """The names masked in each interview."""
    told: dict[int, set[str]] = defaultdict(set)
    masks = Mask.objects.filter(turn__interview__in=interviews, kind=Kind.NAME, lifted=False)
    for of, text, start, end in masks.values_list("turn__interview_id", "turn__text", "start", "end"):
        told[of].add(text[start:end])
    loose = set(interviews) - _last_masked(interviews).keys()
    by_rule = found_by_rule(loose) if loose else {}
    for turn, of, text in Turn.objects.filter(pk__in=list(by_rule)).values_list("pk", "interview_id", "text"):
        told[of] |= {text[each.start : each.end] for each in by_rule[turn] if each.kind is Kind.NAME}
    return told


def found_by_rule(interviews: Collection[int]) -> Found:
    """Without people's say."""
    rows = Turn.objects.filter(interview__in=interviews).order_by("interview_id", "number")
    said: dict[int, list[Said]] = defaultdict(list)
    for pk, of, text, role, model, origin in rows.values_list("pk", "interview_id", "text", "role", "model", "interview__participant__origin"):
        is_open = role == Turn.Role.PARTICIPANT or bool(model) or origin == Participant.Origin.IMPORTED
        said[of].append(Said(pk, text, is_open))
    return {turn: hidden for turns in said.values() for turn, hidden in interview.find(turns).items()}


@dataclass
class _Rows:
    found: list[Hidden] = field(default_factory=list)
    by_model: list[Hidden] = field(default_factory=list)
    added: list[Hidden] = field(default_factory=list)
    lifted: list[Hidden] = field(default_factory=list)


def _rows(turns: Collection[int]) -> dict[int, _Rows]:
    rows: dict[int, _Rows] = defaultdict(_Rows)
    for mask in Mask.objects.filter(turn__in=list(turns)):
        of = rows[mask.turn_id]
        if mask.found_by == Mask.FoundBy.PERSON:
            (of.lifted if mask.lifted else of.added).append(mask.hidden)
            continue
        of.found.append(mask.hidden)
        if mask.found_by == Mask.FoundBy.MODEL:
            of.by_model.append(mask.hidden)
    return rows


def _last_masked(interviews: Collection[int]) -> dict[int, int]:
    """The last turn of each interview that the step has masked by the rules that hold today."""
    made = StepResult.objects.filter(interview__in=list(interviews), step=STEP).values_list("interview_id", "made_from")
    return {of: made_from["last_turn"] for of, made_from in made if made_from["rules"] == rules.VERSION}
