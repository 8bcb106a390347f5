"""Buttons beside a survey: go through its draft as a participant, delete such previews, counterbalance two sections."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from surveys import previewing, publishing
from surveys.admin.sentence_pages import SentencePages
from surveys.models import Survey
from surveys.planning import counterbalance


class TrialPages(SentencePages):
    def get_urls(self) -> list[URLPattern]:
        def page(verb: str, view: Any) -> Any:
            return path(f"<int:pk>/{verb}/", self.admin_site.admin_view(require_POST(view)), name=f"surveys_survey_{verb}")

        return [page("preview", self.preview), page("clear_previews", self.clear_previews), page("counterbalance", self.balance), *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        try:
            version = previewing.snapshot(survey, by=request.user)  # type: ignore[arg-type]  # admin_view lets no anonymous user in
        except publishing.DraftProblems as error:
            for problem in error.problems:
                messages.error(request, problem)
            return self._back(survey)
        return redirect("surveys:preview", slug=survey.slug, pk=version.pk)

    def clear_previews(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        count = previewing.clear(survey)
        messages.success(request, f"{count} preview{'' if count == 1 else 's'} deleted.")
        return self._back(survey)

    def balance(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        keys = list(survey.sections.values_list("key", flat=True))
        one, other = request.POST.get("one", ""), request.POST.get("other", "")
        known = counterbalance.balanced(survey.arms)
        if "undo" in request.POST and known:
            self._set_arms(request, survey, [], "Took the counterbalancing back.")
        elif survey.arms:
            messages.error(request, "The survey has arms already: remove them under “Order and experiment” first.")
        elif one == other or not {one, other} <= set(keys):
            messages.error(request, "Choose two different sections.")
        else:
            arms = counterbalance.arms(keys, one, other, shuffled=survey.order == "random")
            self._set_arms(request, survey, arms, f"Counterbalanced “{one}” and “{other}”: each comes first in half of the interviews.")
        return self._back(survey)

    def _set_arms(self, request: HttpRequest, survey: Survey, arms: list[dict[str, Any]], done: str) -> None:
        Survey.objects.filter(pk=survey.pk).update(arms=arms)
        self.log_change(request, survey, done)
        messages.success(request, f"{done} Publish for it to take effect.")
