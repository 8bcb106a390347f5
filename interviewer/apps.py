"""Django's registration of the interviewer app."""

from django.apps import AppConfig


class InterviewerConfig(AppConfig):
    name = "interviewer"

    def ready(self) -> None:
        from interviewer import amendments, answer_care, settling, stock  # noqa: F401 - models outside models.py, what listens, the names of sentences
