"""Django's registration of the interviewer app."""

from django.apps import AppConfig


class InterviewerConfig(AppConfig):
    name = "interviewer"

    def ready(self) -> None:
        from interviewer import amendments, answer_care  # noqa: F401 - models outside models.py
