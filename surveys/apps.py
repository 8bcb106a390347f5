"""Django's registration of the surveys app."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from surveys import recruitment, support, withdrawal  # noqa: F401 - models outside models.py
        from surveys.invitations import models  # noqa: F401 - as above
        from surveys.planning import jobs  # noqa: F401 - as above
