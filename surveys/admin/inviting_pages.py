"""A survey's invitations page: contacts in, mails previewed and let go, sending paused, links out."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surveys.admin.bases import ModelAdmin
from surveys.admin.inviting_forms import ContactsForm, LinksForm
from surveys.invitations import due, files, letters, storing, wording
from surveys.invitations.models import Contact, InvitationPlan
from surveys.invitations.standing import counts, with_standing
from surveys.languages import direction, name
from surveys.models import Survey

SHOWN_PROBLEMS = 100


class InvitingPages(ModelAdmin):
    admin_site: admin.AdminSite

    def get_urls(self) -> list[URLPattern]:
        def page(verb: str, view: Any, name: str) -> Any:
            return path(f"inviting/<slug:slug>/{verb}", self.admin_site.admin_view(view), name=f"surveys_contact_{name}")

        return [
            page("", self.inviting, "inviting"),
            page("links", require_POST(self.make_links), "make_links"),
            page("links.csv", require_safe(self.links_csv), "links_csv"),
            page("preview", require_safe(self.preview_mails), "preview_mails"),
            page("plan", require_safe(self.plan), "plan"),
            page("release", self.release, "release"),
            page("pause", require_POST(self.pause), "pause"),
            *super().get_urls(),
        ]

    def inviting(self, request: HttpRequest, slug: str) -> HttpResponse:
        survey = self._survey(request, slug, change=request.method == "POST")
        form = ContactsForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            stored = storing.store(survey, form.rows, source=form.cleaned_data["source"])
            self.log_change(request, survey, f"Contacts: {stored}")
            messages.success(request, f"{stored} Nobody is written to before you say so.")
            for problem in stored.problems[:SHOWN_PROBLEMS]:
                messages.warning(request, str(problem))
            if (more := len(stored.problems) - SHOWN_PROBLEMS) > 0:
                messages.warning(request, f"… and {more} more rows.")
            return self._back(survey)
        return self._page(request, survey, form, LinksForm())

    def make_links(self, request: HttpRequest, slug: str) -> HttpResponse:
        survey = self._survey(request, slug, change=True)
        form = LinksForm(request.POST)
        if not form.is_valid():
            return self._page(request, survey, ContactsForm(), form)
        given = form.cleaned_data
        made = storing.make_links(survey, given["count"], prefix=given["beginning"], source=given["source"])
        self.log_change(request, survey, f"Made {len(made)} personal links.")
        messages.success(
            request, f"{len(made)} links made: {made[0].external_id} to {made[-1].external_id}. “Save contacts and links as CSV” has them."
        )
        return self._back(survey)

    def _page(self, request: HttpRequest, survey: Survey, contacts: ContactsForm, links: LinksForm) -> HttpResponse:
        plan = due.plan_of(survey)
        context = {
            "title": f"Invitations: {survey}",
            "contacts_form": contacts,
            "links_form": links,
            "counts": counts(survey),
            "plan": plan,
            "to_release": due.not_released(survey).count(),
            "not_set_up": letters.not_set_up(),
            "standstill": due.standstill(survey, plan, timezone.now()),
            "per_minute": settings.INVITATIONS_PER_MINUTE,
            "may_change": self.has_change_permission(request),
        }
        return self._shown(request, survey, "inviting", context, status=400 if contacts.errors or links.errors else 200)

    def release(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Asks first; what is then let go are the contacts that were counted, not those who were added meanwhile."""
        survey = self._survey(request, slug, change=True)
        up_to = request.POST.get("up_to", "")
        if request.method == "POST" and up_to.isdecimal():
            count = due.release(survey, timezone.now(), up_to=int(up_to))
            self.log_change(request, survey, f"Let {count} invitations go.")
            messages.success(request, f"Invitations let go: {count}. They go out at most {settings.INVITATIONS_PER_MINUTE} a minute.")
            if not settings.REDIS_URL:
                messages.warning(request, f"No worker runs here. Send them with: manage.py send_invitations {survey.slug}")
            return self._back(survey)
        waiting = due.not_released(survey)
        context = {"count": waiting.count(), "up_to": waiting.aggregate(last=Max("pk"))["last"], "plan": due.plan_of(survey)}
        return self._shown(request, survey, "release", context | {"title": "Send invitations"})

    def pause(self, request: HttpRequest, slug: str) -> HttpResponse:
        survey = self._survey(request, slug, change=True)
        plan, _ = InvitationPlan.objects.get_or_create(survey=survey)
        InvitationPlan.objects.filter(pk=plan.pk).update(paused="resume" not in request.POST)
        self.log_change(request, survey, "Resumed sending." if "resume" in request.POST else "Paused sending.")
        return self._back(survey)

    def plan(self, request: HttpRequest, slug: str) -> HttpResponse:
        plan, _ = InvitationPlan.objects.get_or_create(survey=self._survey(request, slug, change=True))
        return redirect("admin:surveys_invitationplan_change", plan.pk)

    def preview_mails(self, request: HttpRequest, slug: str) -> HttpResponse:
        survey = self._survey(request, slug)
        version = survey.current_version
        if version is None:
            messages.error(request, "Publish the guide first: its titles stand in the mails.")
            return self._back(survey)
        guide, plan, mails = version.guide, due.plan_of(survey), []
        for language in guide.languages:
            filled = letters.values(Contact(survey=survey, name="Ana O’Neil", language=language), guide)
            for reminder in (False, True):
                letter = letters.own_words(plan, guide, language, reminder=reminder)
                body, subject = wording.fill(letter.body, filled), wording.fill(letter.subject, filled)
                label = f"{name(language)}, {'reminder' if reminder else 'invitation'}"
                mails.append({"label": label, "subject": subject, "body": body, "language": language, "direction": direction(language)})
        return self._shown(request, survey, "preview", {"title": "The mails, as they read", "mails": mails})

    def links_csv(self, request: HttpRequest, slug: str) -> StreamingHttpResponse:
        survey = self._survey(request, slug)
        site = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
        contacts = with_standing(Contact.objects.filter(survey=survey).order_by("pk").select_related("survey"))

        def rows() -> Iterator[tuple[str, ...]]:
            yield (*files.COLUMNS, *files.WRITTEN_TOO)
            for each in contacts.iterator(chunk_size=2000):
                yield (each.email, each.name, each.language, each.external_id, f"{site}{each.path}", str(vars(each)["standing"]))

        disposition = f'attachment; filename="{survey.slug}-contacts.csv"'
        return StreamingHttpResponse(
            files.written(rows()), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
        )

    def _shown(self, request: HttpRequest, survey: Survey, page: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        every = self.admin_site.each_context(request) | {"survey": survey, "opts": self.opts} | context
        return TemplateResponse(request, f"admin/surveys/contact/{page}.html", every, status=status)

    def _survey(self, request: HttpRequest, slug: str, *, change: bool = False) -> Survey:
        if not (self.has_change_permission(request) if change else self.has_view_permission(request)):
            raise PermissionDenied
        return get_object_or_404(Survey, slug=slug)

    def _back(self, survey: Survey) -> HttpResponse:
        return redirect("admin:surveys_contact_inviting", survey.slug)
