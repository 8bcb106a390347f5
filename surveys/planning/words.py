"""What a survey says in its several languages: the texts, and each question, with the row of every language and how far it can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.authorship import Standing, content, fingerprint, standing
from surveys.models import Question, Survey, SurveyText, Wording

Row = SurveyText | Wording
TEXTS = "texts"


@dataclass(frozen=True)
class Words:
    """key: 'texts', or the question's; its order in `everything` is the guide's. rows: by language."""

    key: str
    parent: Survey | Question
    rows: Mapping[str, Row]

    @property
    def id(self) -> str:
        """For forms and replies: a question may be called 'texts'."""
        return f"q_{self.parent.pk}" if isinstance(self.parent, Question) else TEXTS

    @property
    def name(self) -> str:
        return f"'{self.key}'" if isinstance(self.parent, Question) else "the texts"

    def standing(self, language: str) -> Standing | None:
        """None where there is no row in the language."""
        row = self.rows.get(language)
        others = {fingerprint(content(other)) for code, other in self.rows.items() if code != language}
        return standing(row, others) if row else None

    def source(self, survey: Survey) -> Row | None:
        return self.rows.get(survey.languages[0]) if survey.languages else None


def everything(survey: Survey) -> list[Words]:
    texts = Words(TEXTS, survey, {row.language: row for row in SurveyText.objects.filter(survey=survey).select_related("approved_by")})
    questions = Question.objects.filter(section__survey=survey).select_related("section").prefetch_related("wordings__approved_by")
    ordered = sorted(questions, key=lambda each: (each.section.position, each.section_id, each.position, each.pk))
    return [texts, *(Words(each.key, each, {row.language: row for row in each.wordings.all()}) for each in ordered)]
