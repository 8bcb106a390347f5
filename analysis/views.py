"""Pages for researchers: findings, the people behind a number, transcripts, exports."""

from typing import Any, cast

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from analysis import aggregates, denominators, evidence, findings, provenance, transcript, wording
from analysis.care import page as care
from analysis.codebook import CodebookDocument, Dimension
from analysis.export import files
from analysis.export.columns import Scope
from analysis.export.tables import TABLES, tables_for
from analysis.exporting import views as exporting
from analysis.links import UNSTATED_PARAMETER
from analysis.models import Coder
from analysis.privacy.masking import Kind
from analysis.privacy.records import ExportMade
from analysis.quality import page as labels
from analysis.quality.records import AnswerQuality, InterviewQuality
from analysis.sampling.records import HumanCoding
from analysis.suppression import viewing
from interviewer.models import Interview
from surveys.models import Survey

NO_COUNTS = aggregates.PublicCounts({}, {}, {}, frozenset())


def _document(survey: Survey) -> CodebookDocument | None:
    codebook = survey.codebooks.first()
    return codebook.document if codebook else None


def _dimension(document: CodebookDocument | None, key: str) -> Dimension:
    found = next((dimension for dimension in document.dimensions if dimension.key == key), None) if document else None
    if found is None:
        raise Http404("The codebook has no such dimension.")
    return found


def _base(request: HttpRequest) -> str:
    """What shares are of; what is not known is all interviews."""
    return aggregates.SUBSTANTIVE if request.GET.get("base") == aggregates.SUBSTANTIVE else aggregates.EVERYONE


def _version(request: HttpRequest) -> int | None:
    """The number of a codebook version, where one is asked for."""
    asked = request.GET.get("codebook", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


@require_safe
@staff_member_required
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "analysis/index.html", {"surveys": Survey.objects.all()})


@require_safe
@staff_member_required
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    origins = aggregates.counted_origins(survey)
    context: dict[str, Any] = {"survey": survey, "header": provenance.header(survey, origins)}
    if not viewing.may_see(request.user):
        return render(request, "analysis/findings.html", context | _public(request, survey))
    if document := _document(survey):
        dimensions = findings.in_order(document)
        asked = request.GET.get("dimension", "")
        dimension = _dimension(document, asked) if asked else dimensions[0]
        base, code = _base(request), request.GET.get("code", "")
        counted = aggregates.count(survey, origins=origins, base=base)
        reached = {each.key: denominators.reach(survey, origins, each.questions) for each in dimensions if each.questions}
        charts = findings.charts(survey, dimensions, counted, base=base, reached=reached)
        counts = counted.get(dimension.key, aggregates.NOTHING)
        context |= {
            "charts": charts,
            "anyone_coded": any(chart.n for chart in charts),
            "by_country": findings.by_country(survey, dimension, code, dimensions, counts, base=base, reached=reached.get(dimension.key)),
            "bases": findings.bases(survey, dimension.key, code, base),
            "base": base,
            "labelled": labels.interviews(survey, origins).count(),
            "asked_of": labels.asked_of(survey, origins),
        }
    return render(request, "analysis/findings.html", context)


def _public(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    """What those see who may not see small cells: one base, one population, and nothing that leads to people."""
    coders = Coder.objects.filter(codings__facts__survey=survey).distinct()
    context: dict[str, Any] = {
        "public": True,
        "least": survey.smallest_cell,
        "coded_by": ", ".join(sorted({each.model or "people" for each in coders})),
    }
    document = _document(survey)
    if document is None:
        return context
    dimensions, counted = findings.in_order(document), viewing.counts(survey)
    dimension = _dimension(document, request.GET.get("dimension") or dimensions[0].key)
    shown = counted.get(dimension.key, NO_COUNTS)
    charts = findings.charts(survey, dimensions, {each.key: counted.get(each.key, NO_COUNTS) for each in dimensions})
    by_country = findings.by_country(survey, dimension, request.GET.get("code", ""), dimensions, shown)
    return context | {
        "charts": charts,
        "anyone_coded": any(chart.n for chart in charts),
        "by_country": by_country,
        "simulated": survey.show_simulated,
    }


@require_safe
@staff_member_required
def quotes(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    document = _document(survey)
    dimension = _dimension(document, request.GET.get("dimension", ""))
    code, asked = request.GET.get("code", ""), request.GET.get("country", "")
    country = None if not asked else "" if asked == UNSTATED_PARAMETER else asked
    origins = aggregates.counted_origins(survey)
    base = _base(request)
    page = evidence.people(survey, dimension=dimension.key, code=code, country=country, origins=origins, page=request.GET.get("page"), base=base)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "survey": survey,
        "dimension": dimension,
        "code": code,
        "label": dimension.label(code) if code else "",
        "country": asked,
        "country_name": wording.country(country) if country is not None else "",
        "countries": [
            (key or UNSTATED_PARAMETER, wording.country(key))
            for key in evidence.countries(survey, dimension=dimension.key, code=code, origins=origins, base=base)
        ],
        "base": base,
        "page": page,
        "people": evidence.entries(survey, cast(CodebookDocument, document), page.object_list, dimension=dimension.key, code=code),
        "query": query.urlencode(),
    }
    return render(request, "analysis/quotes.html", context)


@require_safe
@staff_member_required
def interview(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return show_interview(request, get_object_or_404(Survey, slug=slug), number)


def show_interview(request: HttpRequest, survey: Survey, number: int, *, original: bool = False) -> HttpResponse:
    blind = HumanCoding.objects.filter(coder=request.user.pk, unit__interview=number).exclude(status=HumanCoding.Status.DONE).exists()
    try:
        view = transcript.read(survey, number, codebook=_version(request), blind=blind, original=original)
    except Interview.DoesNotExist as missing:
        raise Http404("The survey has no such interview.") from missing
    context = {
        "survey": survey,
        "view": view,
        "blind": blind,
        "original": original,
        "kinds": list(Kind),
        "care": care.of_interview(survey, number),
        "labels": AnswerQuality.objects.filter(interview=number).select_related("turn", "coder").order_by("pk"),
        "version": _version(request),
        "overall": InterviewQuality.objects.filter(interview=number).first(),
    }
    return render(request, "analysis/transcript.html", context)


TEAM = "team"
FOR_TEAM = "analysis.export_for_team"


def _scope(request: HttpRequest, survey: Survey) -> Scope:
    if request.GET.get("for") != TEAM:
        return Scope.for_outside(survey)
    return Scope.of(survey, pilot="pilot" in request.GET, simulated="simulated" in request.GET, codebook=_version(request))


@require_safe
@staff_member_required
def exports(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    scope = _scope(request, survey) if request.user.has_perm(FOR_TEAM) else Scope.for_outside(survey)
    context = {
        "survey": survey,
        "tables": [(table, table.count(scope)) for table in tables_for(scope)],
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "withdrawn": provenance.withdrawn(survey, scope.origins),
        "set_aside": provenance.set_aside(survey, scope.origins),
        "codebooks": list(survey.codebooks.values_list("number", flat=True)),
        "codebook": scope.codebook,
        "for_team": not scope.public,
        "pilot": "pilot" in request.GET,
        "simulated": survey.show_simulated or "simulated" in request.GET,
    }
    context |= exporting.context(request, survey, public=scope.public)
    return render(request, "analysis/exports.html", context)


def _download(request: HttpRequest, chunks: files.Chunks, filename: str) -> StreamingHttpResponse:
    # Under ASGI a plain iterator would be read to its end into memory first.
    content = files.in_thread(chunks) if isinstance(request, ASGIRequest) else chunks
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return StreamingHttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@staff_member_required
def export_table(request: HttpRequest, slug: str, table: str) -> StreamingHttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    scope = _scope(request, survey)
    if table not in TABLES:
        raise Http404("There is no such table.")
    if not scope.public:
        if not request.user.has_perm(FOR_TEAM):
            raise PermissionDenied
        ExportMade.objects.create(survey=survey, table=table, by=cast(User, request.user), by_name=request.user.get_username())
    if TABLES[table] not in tables_for(scope):
        raise PermissionDenied
    return _download(request, files.table_chunks(TABLES[table], scope), f"{slug}-{table}{'-public' if scope.public else ''}.csv")


@require_safe
@staff_member_required
def export_dictionary(request: HttpRequest, slug: str, table: str) -> StreamingHttpResponse:
    get_object_or_404(Survey, slug=slug)
    if table not in TABLES:
        raise Http404("There is no such table.")
    return _download(request, files.dictionary_chunks(TABLES[table]), f"{slug}-{table}.dictionary.csv")
