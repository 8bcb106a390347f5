"""Django's registration of the interviewer app."""

from django.apps import AppConfig


class InterviewerConfig(AppConfig):
    name = "interviewer"

    def ready(self) -> None:
        from interviewer import amendments, answer_care, stock  # noqa: F401 - models outside models.py, and the names of sentences
