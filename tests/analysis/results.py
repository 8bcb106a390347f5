"""Builds analysed interviews row by row, so that a test says exactly who was coded as what and for which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from analysis.models import CodebookVersion, Coder, Coding, Fact, InterviewAnalysis, Quote, Summary, Translation, TurnLanguage
from interviewer.models import Interview, Turn
from surveys.models import ConsentRecord, GuideVersion, Participant, Survey
from tests.guides import guide, question

CODEBOOK = {
    "title": "Test codebook",
    "dimensions": [
        {
            "key": "delivered",
            "title": "Has it delivered",
            "shape": "single",
            "codes": [{"key": "yes", "label": "Yes"}, {"key": "none", "label": "None"}],
        },
        {
            "key": "hopes",
            "title": "Hopes",
            "shape": "single",
            "codes": [{"key": "time", "label": "Time"}, {"key": "money", "label": "Money"}, {"key": "none", "label": "No hope"}],
        },
        {
            "key": "fears",
            "title": "Fears <b>",
            "shape": "multiple",
            "codes": [{"key": "jobs", "label": "Jobs & economy"}, {"key": "bias", "label": "Bias"}, {"key": "none", "label": "No fear"}],
        },
        {"key": "mood", "title": "Mood", "shape": "ordinal", "codes": [{"key": "1", "label": "1"}, {"key": "2", "label": "2"}]},
    ],
}
# Texts that spreadsheets run, that CSV readers break, or that pages must escape.
HOSTILE = [
    "",
    "plain",
    "=1+1",
    "+1",
    "-5 apples",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "'",
    "'=1",
    "''twice",
    "it's",
    '"quoted", comma; semicolon',
    "line\r\nends\nof\rall kinds\n",
    "أخشى \u200fأن تختفي",
    "👩‍🚀🇫🇷",
    "<script>alert(1)</script>",
    "007",
    "true",
    "\ufeff=1",
    " ",
    "x" * 200_000,
]
AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@dataclass
class Results:
    """A survey whose interviews are made one by one."""

    slug: str = "tea"
    show_simulated: bool = False
    coder_model: str = "offline"
    codebook_content: Mapping[str, Any] | None = None
    survey: Survey = field(init=False)

    def __post_init__(self) -> None:
        self.survey = Survey.objects.create(slug=self.slug, title="Tea & <i>us</i>", languages=["en"], show_simulated=self.show_simulated)
        content = guide(question("wand", languages=("en",)), languages=("en",)).model_dump(mode="json")
        self.guide = GuideVersion.objects.create(survey=self.survey, number=1, content=content, sha256="0" * 64)
        self.codebook = CodebookVersion.objects.create(
            survey=self.survey, number=1, content=self.codebook_content or CODEBOOK, sha256=f"{self.survey.pk:064}"
        )
        self.coder, _ = Coder.objects.get_or_create(model=self.coder_model, prompt_version="code@1")

    def interview(self, *said: str, country: str = "", origin: str = "live", language: str = "en", **profile: object) -> Interview:
        """An interview that is over: a question, and the participant's turns."""
        person = Participant.objects.create(survey=self.survey, origin=origin, language=language, country=country, **profile)
        ConsentRecord.objects.create(participant=person, guide_version=self.guide, language=language, text="I agree.", given=True)
        interview = Interview.objects.create(
            participant=person, guide_version=self.guide, language=language, status="completed", awaiting="nobody", completed_at=AT
        )
        Turn.objects.create(interview=interview, number=1, role="interviewer", move="ask", question_key="wand", text="What would it do?")
        for number, text in enumerate(said, start=2):
            Turn.objects.create(interview=interview, number=number, role="participant", move="answer", question_key="wand", text=text)
        InterviewAnalysis.objects.create(interview=interview, status="done", step="facts")
        return interview

    def code(self, interview: Interview, dimension: str, code: str, *quotes: str, counted: bool = True, confidence: float | None = 0.5) -> Coding:
        """Gives a code, quoting the first place where each of `quotes` stands."""
        coding = Coding.objects.create(
            interview=interview, codebook=self.codebook, coder=self.coder, dimension=dimension, code=code, confidence=confidence
        )
        for text in quotes:
            turn = next(turn for turn in interview.turns.all() if text in turn.text)
            start = turn.text.index(text)
            Quote.objects.create(coding=coding, turn=turn, start=start, end=start + len(text), text=text)
        if counted:
            person = interview.participant
            Fact.objects.create(
                survey=self.survey,
                interview=interview,
                coding=coding,
                dimension=dimension,
                code=code,
                country=person.country,
                language=interview.language,
                origin=person.origin,
            )
        return coding

    def people(self, n: int, *, country: str = "", origin: str = "live", codes: Sequence[tuple[str, str]] = ()) -> None:
        for _ in range(n):
            interview = self.interview("Something.", country=country, origin=origin)
            for dimension, code in codes:
                self.code(interview, dimension, code)

    def translate(self, interview: Interview, number: int, text: str, *, language: str = "", confidence: float = 0.9) -> None:
        turn = interview.turns.get(number=number)
        TurnLanguage.objects.create(turn=turn, language=language or interview.language, confidence=confidence)
        Translation.objects.create(turn=turn, language="en", text=text, model="claude-test")

    def summarise(self, interview: Interview, text: str) -> None:
        Summary.objects.create(interview=interview, text=text, language="en", model="offline", prompt_version="summarise@1")
