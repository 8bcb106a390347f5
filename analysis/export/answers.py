"""The tables of answers to research questions: counts and words of each newest answer, and the quotes for and against."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Max, QuerySet

from analysis.answering import beginning, counting
from analysis.answering.records import Answer, ReadingQuote, Stance
from analysis.background.records import Status
from analysis.export import masking
from analysis.export.cells import Type
from analysis.export.columns import Column, Scope

CHUNK = 2000
EVERYWHERE = "all"
INQUIRY = Column("inquiry_id", Type.INTEGER, "The hypothesis or question.")
VERSION = Column("version", Type.INTEGER, "The version of its answer: the newest that is finished.")
ANSWERS = (
    INQUIRY,
    Column("kind", Type.TEXT, "Either 'hypothesis' or 'question'."),
    Column("text", Type.TEXT, "What was asked, as it was when this version was made."),
    VERSION,
    Column("country", Type.TEXT, "ISO 3166-1 alpha-2 code; empty for people who gave no country; 'all' for everyone together."),
    Column("asked", Type.INTEGER, "Interviews read of people who were asked, or had answered earlier. Shares are of these."),
    *(Column(each.value, Type.INTEGER, f"Of these, interviews that are '{each.value}' by their quotes.") for each in Stance),
    Column("for_share", Type.NUMBER, "for / asked; empty where nobody was asked."),
    Column("for_low", Type.NUMBER, "Lower end of its 95% Wilson score interval."),
    Column("for_high", Type.NUMBER, "Upper end of it."),
    Column("against_share", Type.NUMBER, "against / asked; empty where nobody was asked."),
    Column("against_low", Type.NUMBER, "Lower end of its 95% Wilson score interval."),
    Column("against_high", Type.NUMBER, "Upper end of it."),
    Column("not_reached", Type.INTEGER, "Interviews that ended before the question; in no share."),
    Column("not_asked", Type.INTEGER, "Interviews whose conditions left the question out; in no share."),
    Column(
        "answer", Type.TEXT, "What the model wrote, with what each sentence cites, in the row 'all'. Provisional. For the public only once approved."
    ),
    Column("counter", Type.TEXT, "What it wrote of what speaks against it or limits it."),
    Column("wording", Type.TEXT, "A person's wording in its place; empty where there is none."),
    Column("approved_by", Type.TEXT, "Who stands for the wording; empty where nobody does yet."),
    Column("by_codes", Type.BOOLEAN, "Whether codes were counted by rule because no language model could be asked."),
    Column("model", Type.TEXT, "The language model."),
    Column("prompt_version", Type.TEXT, "The versions of its prompts."),
    Column("fingerprint", Type.TEXT, "Of the counts and quotes that it was written from."),
    Column("stale", Type.TEXT, "Why it is out of date; empty where it is not."),
)
EVIDENCE = (
    INQUIRY,
    VERSION,
    Column("interview_id", Type.INTEGER, "The interview; joins to interviews.csv."),
    Column("stance", Type.TEXT, f"How the interview speaks to it: {', '.join(repr(each.value) for each in Stance)}."),
    Column("side", Type.TEXT, "What the quote shows: 'for' or 'against'."),
    Column("ref", Type.TEXT, "What the written answer cites it by, such as 'F1'; empty where it was not given to it."),
    Column("turn", Type.INTEGER, "The number of the turn that is quoted; joins to turns.csv with interview_id."),
    Column("start", Type.INTEGER, "Where the quote begins in the turn's text, in Unicode code points from 0."),
    Column("end", Type.INTEGER, "Where it ends: the first code point after it."),
    Column("quote", Type.TEXT, "The words quoted, as turns.csv has them."),
)


def newest(scope: Scope) -> list[Answer]:
    done = Answer.objects.filter(inquiry__survey=scope.survey, status=Status.DONE)
    numbers = dict(done.order_by().values_list("inquiry").annotate(newest=Max("number")))
    return [each for each in done.select_related("inquiry", "approved_by").order_by("inquiry") if numbers[each.inquiry_id] == each.number]


def answer_rows(scope: Scope) -> Iterator[Sequence[Any]]:
    for answer in newest(scope):
        for row in counting.rows(answer):
            yield _row(scope, answer, row)


def _row(scope: Scope, answer: Answer, row: counting.Row) -> Sequence[Any]:
    asked, whole = answer.asked, row.country is None
    shares = [row.share(stance) for stance in (Stance.FOR, Stance.AGAINST)]
    written = [_written(answer, part) for part in ("answer", "counter")] if whole else ["", ""]
    return (
        *(answer.inquiry_id, asked["kind"], asked["text"], answer.number, EVERYWHERE if whole else row.country, row.asked),
        *(row.stances[stance] for stance in Stance),
        *(end for share in shares for end in (share.share, share.low, share.high)),
        *(row.not_reached, row.not_asked, *written, answer.wording if whole else ""),
        *(answer.approved_by.get_username() if answer.approved_by else "", answer.by_codes, answer.model, answer.prompt_version),
        *(answer.fingerprint, " ".join(beginning.stale(scope.survey, answer)) if whole else ""),
    )


def _written(answer: Answer, part: str) -> str:
    return " ".join(f"{each['text']} [{', '.join(each['cites'])}]" for each in answer.sentences if each["part"] == part)


def evidence(scope: Scope) -> QuerySet[ReadingQuote]:
    people = {"reading__interview__participant__origin__in": scope.origins, "reading__interview__set_aside": None}
    return ReadingQuote.objects.filter(reading__answer__in=[each.pk for each in newest(scope)], **people)


def evidence_rows(scope: Scope) -> Iterator[Sequence[Any]]:
    fields = ("reading__answer__inquiry", "reading__answer__number", "reading__interview", "reading__stance", "side", "ref", "turn__number")
    places = ("start", "end", "text", "turn", "turn__text")
    found = evidence(scope).order_by("reading__answer__inquiry", "reading__interview", "turn__number", "start", "pk")
    return masking.quotes(found.values_list(*fields, *places).iterator(chunk_size=CHUNK), interview=2, start=7)
