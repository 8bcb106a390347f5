"""Loads the demonstration: a survey, its codebook, simulated interviews for the worker to code, and a researcher's login. May be run again."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from tqdm import tqdm

from analysis import publishing as codebooks
from analysis.models import InterviewAnalysis
from analysis.queueing import hand_over
from interviewer.models import Interview
from interviewer.simulation.run import simulate
from llm.choose import offline_model
from surveys import publishing
from surveys.guide_yaml import read
from surveys.models import Survey

SLUG = "hopes-and-fears"
GUIDE = settings.BASE_DIR / "surveys" / "demo" / "guide.yaml"
SEED = 81_000
RESEARCHER = "researcher"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interviews", type=int, default=300, help="How many simulated interviews the demonstration has.")
        parser.add_argument("--port", type=int, default=8000, help="The port that the addresses printed at the end name.")

    def handle(self, *, interviews: int, port: int, **options: Any) -> None:
        survey = Survey.objects.filter(slug=SLUG).first() or self._survey()
        missing = interviews - survey.participants.filter(origin="simulated").count()
        if missing > 0:
            with tqdm(total=missing, desc="Simulated interviews", unit="") as bar:
                simulate(survey, count=interviews, seed=SEED, model=offline_model(), on_done=bar.update)
            self._queue(survey)
        self._say_where(survey, port, *self._login())

    def _survey(self) -> Survey:
        survey = publishing.load(read(GUIDE.read_bytes()), slug=SLUG)
        publishing.publish(survey)
        codebooks.save_version(survey, codebooks.read(codebooks.HOPES_AND_FEARS.read_bytes()))
        Survey.objects.filter(pk=survey.pk).update(status=Survey.Status.OPEN, show_simulated=True)
        survey.refresh_from_db()
        return survey

    def _queue(self, survey: Survey) -> None:
        """The worker codes them; where there is no queue yet, it finds them when it starts."""
        simulated = Interview.objects.filter(participant__survey=survey, participant__origin="simulated")
        hand_over(simulated.filter(analysis=None).order_by("pk").values_list("pk", flat=True))

    def _login(self) -> tuple[str, str]:
        kept = settings.VAR_DIR / "demo-login"
        user, made = get_user_model().objects.get_or_create(username=RESEARCHER, defaults={"is_staff": True, "is_superuser": True})
        if made:
            password = secrets.token_urlsafe(9)
            user.set_password(password)
            user.save()
            kept.touch(mode=0o600)
            kept.write_text(password, encoding="ascii")
        password = kept.read_text(encoding="ascii") if kept.exists() else ""
        return RESEARCHER, password if user.check_password(password) else "(the one you set)"

    def _say_where(self, survey: Survey, port: int, name: str, password: str) -> None:
        address = f"http://127.0.0.1:{port}"
        interviewer = settings.LLM["interviewer"] if settings.LLM["backend"] == "anthropic" else "offline, scripted: no language model"
        waiting = InterviewAnalysis.objects.filter(interview__participant__survey=survey, status=InterviewAnalysis.Status.WAITING).count()
        coding = f"({waiting} simulated interviews are being coded in the background)" if waiting else ""
        self.stdout.write(
            f"""
  Take the interview   {address}{survey.get_absolute_url()}
  Read the findings    {address}/findings/{survey.slug}/   {coding}
  Design surveys       {address}/admin/        login: {name}   password: {password}
  Interviewer          {interviewer}
"""
        )
