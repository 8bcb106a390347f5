"""Question by question: how many were asked, answered, skipped, and where people were last seen."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery

from interviewer.models import Interview, Turn
from interviewer.monitor.figures import percent, permille
from interviewer.monitor.interviews import Group, State, count, state_at
from interviewer.monitor.kept import Kept
from interviewer.monitor.scope import Scope
from interviewer.moves import Move
from surveys.models import GuideVersion, Participant

BEFORE, SUMMARY = None, ""  # where someone was last seen who came to no question; who came to the closing summary

# Of one interview, the turns about one question make one row; only those rows are counted. What has no question is the closing summary.
# Origin and version join late: sorting 1.6 million turns out by them as well takes nearly twice as long.
PUT_AND_ANSWERED = """
select p.origin, v.number, q.question_key, sum(q.put), sum(q.put * q.answered), sum(q.put * q.skipped * (1 - q.answered))
from (
    select t.interview_id, t.question_key,
        max(case when t.move in ('open', 'ask', 'exhausted', 'accept_refusal', 'already_answered', 'summarise') then 1 else 0 end) as put,
        max(case when t.move = 'answer' then 1 else 0 end) as answered,
        max(case when t.move = 'skip' then 1 else 0 end) as skipped
    from interviewer_turn t
    join interviewer_interview i on i.id = t.interview_id
    join surveys_guideversion v on v.id = i.guide_version_id
    where v.survey_id = %s and t.move in ('open', 'ask', 'exhausted', 'accept_refusal', 'already_answered', 'summarise', 'answer', 'skip')
    group by t.interview_id, t.question_key
) q
join interviewer_interview i on i.id = q.interview_id
join surveys_participant p on p.id = i.participant_id
join surveys_guideversion v on v.id = i.guide_version_id
where p.origin <> 'imported'
group by p.origin, v.number, q.question_key
"""

Counted = Counter[str | None]


class Tallies(NamedTuple):
    """What PUT_AND_ANSWERED found, and when."""

    at: datetime
    rows: tuple[tuple[Any, ...], ...]


_kept: Kept[Tallies] = Kept()


@dataclass(frozen=True)
class Outline:
    """A guide version's questions as far as they are needed here: keys in order, with their first wordings."""

    number: int
    questions: dict[str, str]
    asks_profile: bool

    @classmethod
    def of(cls, version: GuideVersion) -> "Outline":
        content = version.content
        language = content["languages"][0]
        asked = [question for section in content["sections"] for question in section["questions"]]
        wordings = {question["key"]: question["wordings"][language]["text"] for question in asked}
        return cls(version.number, wordings, bool(content.get("profile") or content.get("screening")))


@dataclass(frozen=True)
class Row:
    """of: interviews begun whose guide has the question. asked = answered + skipped + neither yet; covered: answered before it was asked.

    ended, left, running: interviews in that state that were last seen here.
    """

    key: str
    text: str
    versions: str
    of: int
    asked: int
    covered: int
    answered: int
    skipped: int
    ended: int
    left: int
    running: int

    @property
    def asked_width(self) -> int:
        return permille(self.asked, self.of)

    @property
    def answered_width(self) -> int:
        return permille(self.answered, self.of)

    @property
    def reached(self) -> str:
        return percent(self.asked + self.covered, self.of)

    @property
    def dropped(self) -> str:
        """Share of those who were asked that were last seen here and are gone."""
        return percent(self.ended + self.left, self.asked)


def drop_off(scope: Scope, outlines: Sequence[Outline], groups: Collection[Group], found: Tallies, now: datetime) -> tuple[Row, ...]:
    """The newest version's questions in order, then those that only older ones have, then the closing summary. outlines: the newest first.

    Imported interviews are left out: nobody was asked anything here. Empty where no other has begun.
    """
    held = [group for group in groups if group.held_here]
    if not held:
        return ()
    counted = _counted(scope, found)
    counted["covered"] = _covered(scope)
    counted |= _last_seen(scope, now)
    chosen = [outline for outline in outlines if scope.version in (None, outline.number)]
    wordings: dict[str, str] = {}
    for outline in chosen:
        wordings |= {key: text for key, text in outline.questions.items() if key not in wordings}
    rows = [_row(key, text, [each for each in chosen if key in each.questions], held, counted, len(chosen)) for key, text in wordings.items()]
    before = _row(BEFORE, "Before the first question", chosen, held, counted, len(chosen))
    first = [before] if before.ended or before.left or before.running else []
    return (*first, *rows, _row(SUMMARY, "Closing summary", chosen, held, counted, len(chosen)))


def _row(key: str | None, text: str, asked_in: Sequence[Outline], held: Iterable[Group], counted: dict[str, Counted], versions: int) -> Row:
    numbers = {outline.number for outline in asked_in}
    figures = {name: counted[name][key] for name in ("asked", "covered", "answered", "skipped", "ended", "left", "running")}
    some_only = len(numbers) < versions
    return Row(
        key=key or "",
        text=text,
        versions=", ".join(map(str, sorted(numbers))) if some_only else "",
        of=count(group for group in held if group.version in numbers),
        **figures,
    )


def tallies(survey_id: int, now: datetime) -> Tallies:
    """Those counted a little while ago where that took long."""
    return _kept.get(survey_id, lambda: _tallied(survey_id, now))


def _tallied(survey_id: int, now: datetime) -> Tallies:
    with connection.cursor() as cursor:
        cursor.execute(PUT_AND_ANSWERED, [survey_id])
        return Tallies(now, tuple(map(tuple, cursor.fetchall())))


def _counted(scope: Scope, found: Tallies) -> dict[str, Counted]:
    counted: dict[str, Counted] = {"asked": Counter(), "answered": Counter(), "skipped": Counter()}
    for origin, version, key, asked, answered, skipped in found.rows:
        if scope.holds(origin, version):
            counted["asked"][key] += int(asked)
            counted["answered"][key] += int(answered)
            counted["skipped"][key] += int(skipped)
    return counted


def _covered(scope: Scope) -> Counted:
    covered: Counted = Counter()
    turns = Turn.objects.filter(interview__participant__survey=scope.survey, move=Move.ALREADY_ANSWERED)
    rows: Any = turns.values_list("interview__participant__origin", "interview__guide_version__number", "covered").annotate(n=Count("pk"))
    for origin, version, keys, n in rows.order_by():
        if scope.holds(origin, version):
            covered.update(dict.fromkeys(keys, n))
    return covered


def _last_seen(scope: Scope, now: datetime) -> dict[str, Counted]:
    """By state, interviews that are not completed, by the question they stand at."""
    said = Turn.objects.filter(interview=OuterRef("pk"), role=Turn.Role.INTERVIEWER).filter(Q(move=Move.SUMMARISE) | ~Q(question_key=""))
    interviews = (
        Interview.objects.filter(participant__survey=scope.survey)
        .exclude(status=Interview.Status.COMPLETED)
        .exclude(participant__origin=Participant.Origin.IMPORTED)
        .annotate(state=state_at(now), last=Subquery(said.order_by("-number").values("question_key")[:1]))
        .values_list("participant__origin", "guide_version__number", "state", "last")
        .annotate(n=Count("pk"))
    )
    seen: dict[str, Counted] = {state.value: Counter() for state in (State.ENDED, State.LEFT, State.RUNNING)}
    for origin, version, state, last, n in interviews.order_by():
        if scope.holds(origin, version):
            seen[state][last] += n
    return seen


def outlines(survey_id: int) -> Iterator[Outline]:
    """The newest first."""
    for version in GuideVersion.objects.filter(survey=survey_id).order_by("-number"):
        yield Outline.of(version)
