"""The tables that can be exported: what each column means, and its rows as a stream."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from analysis.export import answers, interviews, masking, prevalence, probe_ledger, quality, runs, samples, scorecards, themes, turns
from analysis.export.cells import Type
from analysis.export.columns import Column, Scope
from analysis.models import Coding, Fact

CHUNK = 2000
QUOTE = 16  # the column of a coding's row in which a quote's place begins
Row = Sequence[Any]


@dataclass(frozen=True)
class Table:
    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: Callable[[Scope], Iterator[Row]]
    count: Callable[[Scope], int]
    public: bool = False  # whether a form of it may go outside


TURNS = Table(
    name="turns",
    meaning="One row a turn: what the interviewer and the participant said, in order.",
    columns=turns.COLUMNS,
    rows=turns.rows,
    count=lambda scope: turns.found(scope).count(),
)


def _codings(scope: Scope) -> QuerySet[Coding]:
    codings = Coding.objects.filter(
        interview__participant__survey=scope.survey, interview__participant__origin__in=scope.origins, interview__set_aside=None
    )
    return codings if scope.codebook is None else codings.filter(codebook__number=scope.codebook)


def _coding_rows(scope: Scope) -> Iterator[Row]:
    codebooks = {codebook.pk: {d.key: d for d in codebook.document.dimensions} for codebook in scope.survey.codebooks.all()}
    translated = FilteredRelation("quotes__turn__translations", condition=Q(quotes__turn__translations__language=scope.survey.analysis_language))
    found = (
        _codings(scope)
        .annotate(translated=translated, counted=Exists(Fact.objects.filter(coding=OuterRef("pk"))))
        .order_by("interview_id", "id", "quotes__turn__number", "quotes__start")
        .values_list(
            "codebook_id",
            "interview_id",
            "id",
            "counted",
            "coder__user__username",
            "coder__model",
            "coder__prompt_version",
            "human__adjudicates",
            "codebook__number",
            "dimension",
            "code",
            "carried_from__number",
            "confidence",
            "stance",
            "elicited",
            "quotes__turn__number",
            "quotes__start",
            "quotes__end",
            "quotes__text",
            "translated__text",
            "at",
            "quotes__turn_id",
            "quotes__turn__text",
        )
    )
    rows = masking.quotes(found.iterator(chunk_size=CHUNK), interview=1, start=QUOTE, translation=QUOTE + 3)
    for codebook, interview, coding, counted, user, model, prompt, decided, number, key, code, *rest in rows:
        dimension = codebooks.get(codebook, {}).get(key)
        label = dimension.label(code) if dimension else code
        coder = ("person" if user else "model", user or model, prompt, bool(decided))
        yield interview, coding, counted, *coder, number, key, code, label, *rest


CODINGS = Table(
    name="codings",
    meaning="One row a coding and quote: which code an interview was given, by whom, and the words it rests on. Without a quote, one row.",
    columns=(
        Column("interview_id", Type.INTEGER, "The interview; joins to interviews.csv."),
        Column("coding_id", Type.INTEGER, "The coding. A coding with several quotes has several rows."),
        Column("counted", Type.BOOLEAN, "Whether the findings count this coding; others are kept beside it."),
        Column("coder_kind", Type.TEXT, "Either 'model' or 'person'. What a model coded is provisional until people have checked it."),
        Column("coder", Type.TEXT, "The language model, or the person's user name."),
        Column("prompt_version", Type.TEXT, "The version of the prompt the model was given; empty for a person."),
        Column("adjudicated", Type.BOOLEAN, "Whether a person gave it to decide where coders differed."),
        Column("codebook_version", Type.INTEGER, "The version of the survey's codebook."),
        Column("dimension", Type.TEXT, "What was coded, by its key in the codebook."),
        Column("code", Type.TEXT, "The code given, by its key. 'none': looked for, and nothing found."),
        Column("label", Type.TEXT, "The code's label in that version of the codebook."),
        Column("carried_from", Type.INTEGER, "The codebook version it was coded under, where an edit of the codebook left it as it was."),
        Column("confidence", Type.NUMBER, "How sure the coder is, 0 to 1; empty where it does not say."),
        Column("stance", Type.TEXT, "Whether the person has 'lived' it or it is 'anticipated', or 'unclear'; empty where the codebook does not ask."),
        Column("elicited", Type.TEXT, "Either 'prompted', where the interviewer had named it first, or 'spontaneous'; empty if it cannot be told."),
        Column("turn", Type.INTEGER, "The number of the turn that is quoted; joins to turns.csv with interview_id."),
        Column("start", Type.INTEGER, "Where the quote begins in the turn's text as turns.csv has it, in Unicode code points from 0."),
        Column("end", Type.INTEGER, "Where it ends: the first code point after it."),
        Column("quote", Type.TEXT, "The words quoted, as turns.csv has them."),
        Column(
            "turn_translation",
            Type.TEXT,
            "The quoted turn, whole, in the analysis language, if it was translated. Made by a machine.",
        ),
        Column("coded_at", Type.TIME, "When the coding was made (UTC)."),
    ),
    rows=_coding_rows,
    count=lambda scope: _codings(scope).values_list("id", "quotes__id").count(),
)


INTERVIEWS = Table(
    name="interviews",
    meaning="One row an interview: who took part, how far it went, how it was rated.",
    columns=interviews.COLUMNS,
    rows=interviews.rows,
    count=lambda scope: interviews.found(scope).count(),
)
PROBES = Table(
    name="probe_ledger",
    meaning="One row an interview and question: how it was left, which follow-ups could be asked, which were. None for imported interviews.",
    columns=probe_ledger.COLUMNS,
    rows=probe_ledger.rows,
    count=probe_ledger.count,
)
SCORECARDS = Table(
    name="scorecards",
    meaning="One row an interview: how the interviewer interviewed. Made by rules, without a model; imported interviews have none.",
    columns=scorecards.COLUMNS,
    rows=scorecards.rows,
    count=lambda scope: scorecards.found(scope).count(),
)
QUALITY = Table(
    name="quality",
    meaning="One row an interview and question of its guide: how it was answered, and the words that show it.",
    columns=quality.LABELS,
    rows=quality.label_rows,
    count=lambda scope: quality.labels(scope).count(),
)
CARE = Table(
    name="care",
    meaning="One row an answer that was measured: what the participant's page counted while it was written. None where the survey does not measure.",
    columns=quality.CARE,
    rows=quality.care_rows,
    count=lambda scope: quality.care(scope).count(),
)
EVIDENCE = Table(
    name="care_evidence",
    meaning="One row a thing worth a look in how an answer was written. Evidence, not proof.",
    columns=quality.EVIDENCE,
    rows=quality.evidence_rows,
    count=lambda scope: quality.evidence(scope).count(),
)
CORRECTED = Table(
    name="corrected_prevalence",
    meaning="One row a code, in all and by country: what the model says, and the same corrected by the sample that people coded. None without one.",
    columns=prevalence.COLUMNS,
    rows=prevalence.rows,
    count=lambda scope: sum(1 for _ in prevalence.rows(scope)),
)
SAMPLES = Table(
    name="coding_samples",
    meaning="One row an interview drawn for people to code, dimension and person: with its probability, so that the sample can be weighted.",
    columns=samples.COLUMNS,
    rows=samples.rows,
    count=lambda scope: samples.found(scope).count(),
)
ANSWERS = Table(
    name="answers",
    meaning="One row an answered hypothesis or question and country: how many of those asked speak for and against it, and what was written.",
    columns=answers.ANSWERS,
    rows=answers.answer_rows,
    count=lambda scope: sum(1 for _ in answers.answer_rows(scope)),
)
ANSWER_EVIDENCE = Table(
    name="evidence",
    meaning="One row a quote for or against an answered hypothesis or question.",
    columns=answers.EVIDENCE,
    rows=answers.evidence_rows,
    count=lambda scope: answers.evidence(scope).count(),
)
RUN_UNITS = Table(
    name="run_units",
    meaning="One row a step of an interview in a run: where it stands, and why it could not be processed.",
    columns=runs.COLUMNS,
    rows=runs.rows,
    count=lambda scope: runs.found(scope).count(),
)
THEMES = Table(
    name="themes",
    meaning="One row a code: how many of all people coded in its dimension have it. Every code of the codebook, those nobody has too.",
    columns=themes.COLUMNS,
    rows=themes.rows,
    count=lambda scope: sum(1 for _ in themes.rows(scope)),
    public=True,
)
BY_COUNTRY = Table(
    name="themes_by_country",
    meaning="One row a country and code: how many of the people coded there have it. Every code stands for every country, those nobody has too.",
    columns=themes.BY_COUNTRY,
    rows=themes.rows_by_country,
    count=lambda scope: sum(1 for _ in themes.rows_by_country(scope)),
    public=True,
)
APPROVED = Table(
    name="approved_quotes",
    meaning="One row a code and quote that a person has approved for others to read, without who said it and where.",
    columns=themes.QUOTES,
    rows=themes.quotes,
    count=lambda scope: sum(1 for _ in themes.quotes(scope)),
    public=True,
)
TABLES = {
    table.name: table
    for table in (
        INTERVIEWS,
        TURNS,
        PROBES,
        CODINGS,
        THEMES,
        BY_COUNTRY,
        APPROVED,
        CORRECTED,
        SCORECARDS,
        QUALITY,
        CARE,
        EVIDENCE,
        SAMPLES,
        ANSWERS,
        ANSWER_EVIDENCE,
        RUN_UNITS,
    )
}


def tables_for(scope: Scope) -> list[Table]:
    return [table for table in TABLES.values() if table.public or not scope.public]
