"""Django's registration of the interviewer app."""

from django.apps import AppConfig


class InterviewerConfig(AppConfig):
    name = "interviewer"
