"""The researcher's exported files: asking for one, how far it is, taking it away piece by piece, deleting it."""

from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from analysis.export import files
from analysis.export.formats import FORMATS
from analysis.exporting import ranges, running
from analysis.exporting.records import ExportJob
from analysis.privacy.records import ExportMade
from surveys.models import Survey

FOR_TEAM = "analysis.export_for_team"
SHOWN = 20
PIECE = 1 << 18
GOING_ON = (ExportJob.Status.WAITING, ExportJob.Status.RUNNING)


class ExportForm(forms.Form):
    format = forms.ChoiceField(choices=[(form.name, f"{form.title} (.{form.name})") for form in FORMATS.values()])
    readers = forms.ChoiceField(choices=[("public", "others"), ("team", "the team")])
    pilot = forms.BooleanField(required=False)
    simulated = forms.BooleanField(required=False)
    codebook = forms.IntegerField(required=False, min_value=1)


def context(request: HttpRequest, survey: Survey, *, public: bool) -> dict[str, Any]:
    """What the page of exports shows of files."""
    jobs = list(_mine(request, survey)[:SHOWN])
    formats = [form for form in FORMATS.values() if not (public and form.of_people)]
    return {"jobs": jobs, "going_on": any(job.status in GOING_ON for job in jobs), "formats": formats} | _progress(jobs)


def _mine(request: HttpRequest, survey: Survey) -> Any:
    """Who may not export for the team does not see such files either."""
    jobs = ExportJob.objects.filter(survey=survey)
    return jobs if request.user.has_perm(FOR_TEAM) else jobs.filter(public=True)


def _progress(jobs: list[ExportJob]) -> dict[str, Any]:
    going = [job for job in jobs if job.status in GOING_ON]
    rows, total = (sum(getattr(job, name) for job in going) for name in ("rows", "total"))
    said = "; ".join(f"{FORMATS[job.format].title}: {job.get_status_display().lower()}, {job.rows} of {job.total}" for job in going)
    return {"percent": rows * 100 // total if total else 0, "said": said}


@require_POST
@staff_member_required
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    survey, form, by = get_object_or_404(Survey, slug=slug), ExportForm(request.POST), cast(User, request.user)
    if not form.is_valid():
        messages.error(request, "There is no such format.")
        return redirect("analysis:exports", slug)
    asked = form.cleaned_data
    public = asked.pop("readers") == "public"
    if not public and not by.has_perm(FOR_TEAM):
        raise PermissionDenied
    with transaction.atomic():
        chosen = {"format": asked["format"]} if public else asked  # files for the public are always of the same interviews
        job = ExportJob.objects.create(survey=survey, public=public, by=by, by_name=by.get_username(), **chosen)
        if not public:
            ExportMade.objects.create(survey=survey, table=job.format, by=by, by_name=by.get_username())
        running.hand_over(job.pk)
    return redirect("analysis:exports", slug)


@require_safe
@staff_member_required
def progress(request: HttpRequest, slug: str) -> JsonResponse:
    jobs = list(_mine(request, get_object_or_404(Survey, slug=slug))[:SHOWN])
    return JsonResponse({"going_on": any(job.status in GOING_ON for job in jobs)} | _progress(jobs))


@require_POST
@staff_member_required
def delete(request: HttpRequest, slug: str, job: int) -> HttpResponse:
    running.delete(_job(request, slug, job))
    return redirect("analysis:exports", slug)


@require_safe
@staff_member_required
def manifest(request: HttpRequest, slug: str, job: int) -> HttpResponse:
    found = _job(request, slug, job)
    name = f"{slug}.{found.format}.manifest.json"
    return JsonResponse(found.manifest, headers={"Content-Disposition": f'attachment; filename="{name}"'}, json_dumps_params={"indent": 2})


def _job(request: HttpRequest, slug: str, job: int) -> ExportJob:
    return cast(ExportJob, get_object_or_404(_mine(request, get_object_or_404(Survey, slug=slug)), pk=job))


@require_safe
@staff_member_required
def download(request: HttpRequest, slug: str, job: int) -> HttpResponseBase:
    """The file or a part of it: what has arrived already need not be sent again, as long as the file is the same."""
    found = _job(request, slug, job)
    expired = found.expires_at is not None and found.expires_at < timezone.now()
    if found.status != ExportJob.Status.DONE or expired or not found.path.is_file():
        raise Http404("There is no such file any more.")
    etag = f'"{found.sha256}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Cache-Control": "private",
        "Content-Disposition": f'attachment; filename="{slug}.{found.format}"',
    }
    asked = request.headers.get("Range", "") if request.headers.get("If-Range", etag) == etag else ""
    try:
        part = ranges.part(asked, found.size)
    except ranges.Unsatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{found.size}"})
    start, end = part or (0, found.size)
    if start == 0 and request.method == "GET":
        ExportJob.objects.filter(pk=found.pk).update(downloads=F("downloads") + 1)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    pieces = _pieces(found.path, start, end)
    content = files.in_thread(pieces) if isinstance(request, ASGIRequest) else pieces
    sent = StreamingHttpResponse(content, status=206 if part else 200, content_type=FORMATS[found.format].content_type, headers=headers)
    sent.headers["Content-Length"] = str(end - start)
    return sent


def _pieces(path: Path, start: int, end: int) -> Generator[bytes, None, None]:
    with path.open("rb") as file:
        file.seek(start)
        while start < end and (piece := file.read(min(PIECE, end - start))):
            start += len(piece)
            yield piece
