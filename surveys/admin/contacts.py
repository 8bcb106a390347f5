"""Contacts in the admin: who was invited, where each stands, what was sent; their answers are not reached from here."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from surveys.admin.bases import ModelAdmin, TabularInline
from surveys.admin.inlines import PerLanguageInline, PrefillingAdmin
from surveys.admin.inviting_pages import InvitingPages
from surveys.admin.records import ReadOnly
from surveys.invitations import addresses, lifecycle
from surveys.invitations.models import Contact, InvitationPlan, InvitationText, Mailing
from surveys.invitations.standing import STANDINGS, with_standing
from surveys.models import Survey


class StandingFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(standing, standing) for standing in STANDINGS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(standing=self.value()) if self.value() else queryset


class MailingInline(ReadOnly, TabularInline):
    model = Mailing
    fields = readonly_fields = ("outcome", "reason", "attempts", "at", "next_at", "message_id")
    verbose_name_plural = "what was sent"


class ContactAdmin(InvitingPages, ModelAdmin):
    list_display = ("who", "name", "language", "external_id", "standing", "last_mail", "survey")
    list_filter = (StandingFilter, "survey")
    list_select_related = ("survey",)
    search_fields = ("email", "name", "external_id")
    show_full_result_count = False
    actions = ("revoke", "restore", "try_again")
    inlines = (MailingInline,)
    fields = (
        "survey", "email", "external_id", ("name", "language"), "source", "standing", "personal_link",
        ("created_at", "queued_at", "opened_at"), ("declined_at", "opted_out_at"), ("revoked_at", "refused_at"),
    )  # fmt: skip
    readonly_fields = (
        "survey", "email", "external_id", "standing", "personal_link", "created_at", "queued_at", "opened_at", "declined_at", "opted_out_at",
        "revoked_at", "refused_at",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # contacts come from files, where addresses are checked

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        mailings = Prefetch("mailings", Mailing.objects.order_by("-step"))
        return with_standing(super().get_queryset(request)).prefetch_related(mailings)

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: Any) -> None:
        obj.name = addresses.name(obj.name)
        super().save_model(request, obj, form, change)

    def standing(self, contact: Any) -> str:
        return str(contact.standing)

    @admin.display(description="last mail")
    def last_mail(self, contact: Contact) -> str:
        last = next(iter(contact.mailings.all()), None)
        return f"{last}, {last.get_outcome_display().lower()} {last.reason} {last.at:%Y-%m-%d %H:%M}" if last else ""

    @admin.display(description="personal link")
    def personal_link(self, contact: Contact) -> str:
        return f"{contact.path} (whoever has this link can answer as the contact)"

    @admin.action(description="Revoke the personal links", permissions=["change"])
    def revoke(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        messages.success(request, f"Links revoked: {lifecycle.revoke(_keys(contacts))}. Interviews that have begun can go on.")

    @admin.action(description="Restore revoked links", permissions=["change"])
    def restore(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        messages.success(request, f"Links restored: {lifecycle.restore(_keys(contacts))}.")

    @admin.action(description="Try failed mails again", permissions=["change"])
    def try_again(self, request: HttpRequest, contacts: QuerySet[Contact]) -> None:
        messages.success(request, f"Mails that wait to be sent again: {lifecycle.try_again(_keys(contacts))}.")


def _keys(contacts: QuerySet[Contact]) -> list[int]:
    return list(contacts.values_list("pk", flat=True))


class InvitationTextInline(PerLanguageInline):
    model = InvitationText
    classes = ("collapse",)

    def survey(self, request: HttpRequest, obj: InvitationPlan | None) -> Survey | None:
        return obj.survey if obj else None

    def written(self, obj: InvitationPlan) -> set[str]:
        return set(obj.texts.values_list("language", flat=True))


class InvitationPlanAdmin(PrefillingAdmin):
    """How a survey invites. Reached from its invitations page, which makes the plan."""

    fields = (("reminders", "days_between"), ("not_before", "not_after"), "reply_to", "paused")
    inlines = (InvitationTextInline,)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("admin:surveys_survey_changelist")

    def response_post_save_change(self, request: HttpRequest, obj: InvitationPlan) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:surveys_contact_inviting", args=[obj.survey.slug]))
