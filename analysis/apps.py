"""Django's registration of the analysis app."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "analysis"

    def ready(self) -> None:
        from analysis import receivers  # noqa: F401 - connects the signals
        from analysis.answering import records as answering  # noqa: F401 - models outside models.py
        from analysis.backlog import records as backlog  # noqa: F401 - as above
        from analysis.care import records as care  # noqa: F401 - as above
        from analysis.drafts import records as drafts  # noqa: F401 - as above
        from analysis.exporting import records as exporting  # noqa: F401 - as above
        from analysis.induction import records as induction  # noqa: F401 - as above
        from analysis.privacy import records as privacy  # noqa: F401 - as above
        from analysis.quality import records as quality  # noqa: F401 - as above
        from analysis.sampling import records as sampling  # noqa: F401 - as above
        from analysis.scorecard import records as scorecard  # noqa: F401 - as above
        from analysis.stability import records as stability  # noqa: F401 - as above
