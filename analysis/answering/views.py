"""The researcher's pages of research questions and their answers."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from analysis.answering import beginning, page
from analysis.answering.forms import BeginForm, InquiryForm
from analysis.answering.records import Answer, Inquiry, Stance
from analysis.answering.work import KIND
from analysis.background import handing
from analysis.links import UNSTATED_PARAMETER
from llm import model_for
from surveys.models import Survey

may_ask = permission_required("analysis.add_inquiry", raise_exception=True)


def _answer(slug: str, key: int, number: int) -> Answer:
    return get_object_or_404(Answer.objects.select_related("inquiry__survey"), inquiry__survey__slug=slug, inquiry=key, number=number)


@require_safe
@staff_member_required
def inquiries(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    begin = BeginForm(request.GET if "inquiries" in request.GET else None, survey=survey)
    rows = []
    for each in survey.inquiries.all():
        newest = each.answers.first()
        rows.append((each, newest, page.progress(newest) if newest else None, beginning.stale(survey, newest) if newest else ()))
    context: dict[str, Any] = {"survey": survey, "rows": rows, "begin": begin, "form": InquiryForm(survey=survey)}
    context |= {"left": beginning.hypotheses_left(survey), "offline": model_for("analyst").name == "offline"}
    if begin.is_bound and begin.is_valid():
        given = begin.cleaned_data
        read = beginning.interviews(survey, given["size"], given["seed"])
        context["forecast"] = beginning.cost_of(survey, read, len(given["inquiries"]))
        context["chosen"] = given
    return render(request, "answering/inquiries.html", context)


@require_POST
@staff_member_required
@may_ask
def ask(request: HttpRequest, slug: str, key: int = 0) -> HttpResponse:
    """A new question, the survey's hypotheses taken over, or one changed."""
    survey = get_object_or_404(Survey, slug=slug)
    if "hypotheses" in request.POST:
        for text in beginning.hypotheses_left(survey):
            Inquiry.objects.create(survey=survey, kind=Inquiry.Kind.HYPOTHESIS, text=text, created_by=cast(User, request.user))
        return redirect("analysis:inquiries", slug)
    instance = get_object_or_404(Inquiry, survey=survey, pk=key) if key else Inquiry(survey=survey, created_by=cast(User, request.user))
    form = InquiryForm(request.POST, survey=survey, instance=instance)
    if form.is_valid():
        form.save()
    else:
        messages.error(request, " ".join(str(problem) for problems in form.errors.values() for problem in problems))
    return redirect("analysis:inquiry", slug, key) if key else redirect("analysis:inquiries", slug)


@require_POST
@staff_member_required
@may_ask
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_object_or_404(Survey, slug=slug)
    form = BeginForm(request.POST, survey=survey)
    if not form.is_valid():
        messages.error(request, "Choose what to answer.")
        return redirect("analysis:inquiries", slug)
    size, seed = form.cleaned_data["size"], form.cleaned_data["seed"]
    read = beginning.interviews(survey, size, seed)
    forecast = beginning.cost_of(survey, read, len(form.cleaned_data["inquiries"]))
    if not read or not forecast.affordable:
        messages.error(request, f"Nothing was begun. {forecast.sentence}")
        return redirect("analysis:inquiries", slug)
    for inquiry in form.cleaned_data["inquiries"]:
        answer = beginning.begin(inquiry, read, cast(User, request.user), seed=0 if size is None else seed)
        handing.hand_over(KIND.name, answer)
    return redirect("analysis:inquiries", slug)


@require_safe
@staff_member_required
def inquiry(request: HttpRequest, slug: str, key: int, number: int = 0) -> HttpResponse:
    found = get_object_or_404(Inquiry.objects.select_related("survey"), survey__slug=slug, pk=key)
    newest = _answer(slug, key, number) if number else found.answers.first()
    context: dict[str, Any] = {"survey": found.survey, "inquiry": found, "form": InquiryForm(survey=found.survey, instance=found)}
    if newest:
        shown = page.view(found.survey, newest)
        context |= {"view": shown, "progress": shown.progress, "versions": list(found.answers.values_list("number", flat=True))}
        context |= {"progress_url": reverse("analysis:answer_progress", args=[slug, key, newest.number])}
    return render(request, "answering/inquiry.html", context)


@require_safe
@staff_member_required
def readings(request: HttpRequest, slug: str, key: int, number: int) -> HttpResponse:
    answer = _answer(slug, key, number)
    survey, asked = answer.inquiry.survey, request.GET.get("country", "")
    stance = request.GET.get("stance", "")
    stance = stance if stance in Stance.values else ""
    country = None if not asked else "" if asked == UNSTATED_PARAMETER else asked
    shown, rows = page.readings(survey, answer, stance=stance, country=country, page=request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"survey": survey, "answer": answer, "page": shown, "rows": rows, "query": query.urlencode()}
    context["title"] = page.NAMES[answer.asked["kind"]].get(stance, "All who were asked")
    return render(request, "answering/readings.html", context)


@require_safe
@staff_member_required
def progress(request: HttpRequest, slug: str, key: int, number: int) -> JsonResponse:
    found = page.progress(_answer(slug, key, number))
    return JsonResponse(
        {"going_on": found.going_on, "percent": found.percent, "said": f"{found.label}: {found.done} of {found.total} interviews read"}
    )


@require_POST
@staff_member_required
@may_ask
def steer(request: HttpRequest, slug: str, key: int, number: int) -> HttpResponse:
    answer = _answer(slug, key, number)
    if request.POST.get("what") == "stop":
        handing.stop(answer)
    else:
        handing.go_on(KIND.name, answer)
    return redirect("analysis:answer", slug, key, number)


@require_POST
@staff_member_required
@may_ask
def word(request: HttpRequest, slug: str, key: int, number: int) -> HttpResponse:
    """A person's wording, kept beside the model's; or their approval of what stands there; or its taking back."""
    answer, user, what = _answer(slug, key, number), cast(User, request.user), request.POST.get("what", "")
    if what == "save":
        answer.wording, answer.worded_by = request.POST.get("wording", "").strip(), user
        answer.approved_by = answer.approved_at = None
    elif what == "approve":
        answer.approved_by, answer.approved_at = user, timezone.now()
    else:
        answer.approved_by = answer.approved_at = None
    answer.save(update_fields=["wording", "worded_by", "approved_by", "approved_at"])
    return redirect("analysis:answer", slug, key, number)
