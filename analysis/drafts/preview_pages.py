"""Pages on which a draft codebook is tried on a sample before it is published."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from analysis import publishing, wording
from analysis.codebook import CodebookDocument
from analysis.drafts import drafting, previewing
from analysis.drafts.pages import DraftPages
from analysis.drafts.records import CodebookPreview
from analysis.drafts.tabulating import CodeTable, Example, Unit, tabulate
from analysis.privacy.masked import names_in, plain
from llm import model_for


class SampleForm(forms.Form):
    size = forms.IntegerField(min_value=1, max_value=previewing.MOST, label="Interviews in the sample")
    seed = forms.IntegerField(min_value=0, max_value=2**31, required=False, label="Seed of the draw")


class PreviewPages(DraftPages):
    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> Any:
            return path(address, self.admin_site.admin_view(view), name=f"analysis_codebookversion_{name}")

        return [
            page("draft/<int:survey_pk>/preview/", require_POST(self.begin_preview), "begin_preview"),
            page("preview/<int:pk>/", self.preview, "preview"),
            page("preview/<int:pk>/resume/", require_POST(self.resume_preview), "resume_preview"),
            *super().get_urls(),
        ]

    def begin_preview(self, request: HttpRequest, survey_pk: int) -> HttpResponse:
        draft = self._draft(request, survey_pk)
        form, base = SampleForm(request.POST), publishing.current(draft.survey)
        try:
            document = drafting.read(draft.content)
        except publishing.CodebookError as error:
            problems = error.problems
        else:
            problems = [] if form.is_valid() else [f"The sample has between 1 and {previewing.MOST} interviews."]
            problems += [] if base else ["The survey has no codebook yet, so there is nothing to compare with."]
            problems += ["The draft changes nothing that is coded."] if base and not previewing.touched(base.document, document) else []
        if problems or base is None:
            for problem in problems:
                messages.error(request, problem)
            return redirect("admin:analysis_codebookversion_draft", survey_pk)
        size, seed = form.cleaned_data["size"], form.cleaned_data["seed"] or 1
        preview = previewing.begin(draft.survey, base, document, size=size, seed=seed, by=request.user)  # type: ignore[arg-type]  # not anonymous
        return redirect("admin:analysis_codebookversion_preview", preview.pk)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        preview = self._preview(request, pk)
        units = list(preview.units.all())
        tried = [Unit(unit.interview_id, unit.country, unit.before, unit.after) for unit in units if unit.after is not None]
        documents = (CodebookDocument.model_validate(preview.content), preview.base.document)
        return self._page(
            request,
            "preview",
            f"What the draft would change, on a sample of {len(units)}",
            preview=preview,
            survey=preview.survey,
            sampled=len(units),
            tried=len(tried),
            model=preview.model or model_for("analyst").name,
            tables=[(_label(documents, table), table, _countries(table), _examples(table)) for table in tabulate(tried)],
        )

    def resume_preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        preview = self._preview(request, pk)
        self._may_edit(request)
        if not preview.going_on:
            previewing.resume(preview)
        return redirect("admin:analysis_codebookversion_preview", pk)

    def _preview(self, request: HttpRequest, pk: int) -> CodebookPreview:
        self._may_edit(request)
        return get_object_or_404(CodebookPreview.objects.select_related("survey", "base", "created_by"), pk=pk)


def _label(documents: tuple[CodebookDocument, ...], table: CodeTable) -> str:
    """What the code is called, in the draft or else in the version it was removed from."""
    found = (each for document in documents for each in document.dimensions if each.key == table.dimension and each.code(table.code))
    dimension = next(found, None)
    return f"{dimension.title}: {dimension.label(table.code)}" if dimension else f"{table.dimension}: {table.code}"


def _examples(table: CodeTable) -> list[tuple[Example, list[tuple[int, str]]]]:
    """With what identifies people masked."""
    names = names_in([example.interview for example in table.examples])
    return [(each, [(quote["turn"], plain(quote["text"], names.get(each.interview, ()))) for quote in each.quotes]) for each in table.examples]


def _countries(table: CodeTable) -> list[tuple[str, Any]]:
    return [(wording.country(row.country), row) for row in table.countries]
