"""The page on which a model drafts a guide: it streams the draft to the browser, and takes over what the researcher accepts."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from llm import model_for
from surveys import guide_yaml
from surveys.admin.translation_pages import TranslationPages
from surveys.guide import Kind
from surveys.languages import direction, name
from surveys.planning import drafting
from surveys.planning.acceptance import Accepted, accept
from surveys.planning.sketch import Piece
from surveys.publishing import DraftProblems


class DraftingPages(TranslationPages):
    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> Any:
            return path(f"<int:pk>/{address}", self.admin_site.admin_view(view), name=f"surveys_survey_{name}")

        return [
            page("draft/", self.draft, "draft"),
            page("draft/stream", require_POST(self.stream), "draft_stream"),
            page("draft/anew", require_POST(self.anew), "draft_anew"),
            page("draft/accept", require_POST(self.accept), "draft_accept"),
            *super().get_urls(),
        ]

    def draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        language = survey.languages[0]
        script = {verb: reverse(f"admin:surveys_survey_draft_{verb}", args=[pk]) for verb in ("stream", "anew", "accept")}
        context = self._context(request, survey, f"Draft a guide for {survey}") | {
            "script": script,
            "language": {"code": language, "name": name(language), "direction": direction(language)},
            "kinds": [kind.value for kind in Kind],
            "has_texts": survey.texts.filter(language=language).exists(),
        }
        return TemplateResponse(request, "admin/surveys/survey/draft.html", context)

    def stream(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        survey = self._survey(request, pk, change=True)
        try:
            wishes = drafting.Wishes.model_validate_json(request.body)
        except ValidationError as error:
            return _refused(guide_yaml.sentences(error))
        return _streamed(drafting.draft(survey, wishes, model_for("analyst")))

    def anew(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        survey = self._survey(request, pk, change=True)
        try:
            wanted = drafting.Anew.model_validate_json(request.body)
        except ValidationError as error:
            return _refused(guide_yaml.sentences(error))
        return _streamed(drafting.draft_anew(survey, wanted, model_for("analyst")))

    def accept(self, request: HttpRequest, pk: int) -> HttpResponse:
        survey = self._survey(request, pk, change=True)
        try:
            accepted = Accepted.model_validate_json(request.body)
            accept(survey, accepted, by=request.user)  # type: ignore[arg-type]  # admin_view lets no anonymous user in
        except ValidationError as error:
            return _refused(guide_yaml.sentences(error))
        except DraftProblems as error:
            return _refused(error.problems)
        self.log_change(request, survey, "Took over a part of a drafted guide.")
        return JsonResponse({"problems": []})


def _refused(problems: list[str]) -> JsonResponse:
    return JsonResponse({"problems": problems}, status=400)


def _streamed(pieces: AsyncGenerator[Piece, None]) -> StreamingHttpResponse:
    """One JSON value a line, each sent when it is there."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(_lines(pieces), content_type="application/x-ndjson", headers=headers)


async def _lines(pieces: AsyncGenerator[Piece, None]) -> AsyncIterator[bytes]:
    async with aclosing(pieces):
        async for piece in pieces:
            yield (json.dumps(piece, ensure_ascii=False) + "\n").encode()
