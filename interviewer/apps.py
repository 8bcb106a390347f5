"""Django's registration of the interviewer app."""

from django.apps import AppConfig


class InterviewerConfig(AppConfig):
    name = "interviewer"

    def ready(self) -> None:
        # Models outside models.py, what listens, the names of sentences.
        from interviewer import admission, amendments, answer_care, flags, settling, spoken, stock, switching  # noqa: F401
        from interviewer.safety import models  # noqa: F401 - as above
