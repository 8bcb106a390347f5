"""Safety alerts in the admin: what is open, the conversation it is about, who has seen it and what was done."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from interviewer.safety.models import SafetyAlert
from surveys.admin.bases import TEXT_AREAS, ModelAdmin


class SafetyAlertAdmin(ModelAdmin):
    list_display = ("__str__", "survey", "origin", "found_by", "is_seen", "seen_by", "told_at", "note")
    list_filter = (("seen_at", admin.EmptyFieldListFilter), "concern", "interview__participant__survey", "interview__participant__origin")
    list_select_related = ("interview__participant__survey", "seen_by")
    actions = ("mark_as_seen",)
    fields = ("survey", "origin", "conversation", "concern", "found_by", "at", "told_at", "seen_by", "seen_at", "note")
    readonly_fields = fields[:-1]
    formfield_overrides = TEXT_AREAS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(ordering="interview__participant__survey")
    def survey(self, alert: SafetyAlert) -> str:
        return str(alert.interview.participant.survey)

    @admin.display(ordering="interview__participant__origin")
    def origin(self, alert: SafetyAlert) -> str:
        return alert.interview.participant.get_origin_display()

    @admin.display(description="seen", boolean=True, ordering="seen_at")
    def is_seen(self, alert: SafetyAlert) -> bool:
        return alert.seen_at is not None

    def conversation(self, alert: SafetyAlert) -> SafeString:
        page = reverse("admin:interviewer_interview_change", args=[alert.interview_id])
        return format_html('<a href="{}">Interview {}, turn {}</a> and the turn before it', page, alert.interview_id, alert.turn.number)

    @admin.action(description="Mark as seen", permissions=["change"])
    def mark_as_seen(self, request: HttpRequest, chosen: QuerySet[SafetyAlert]) -> None:
        marked = chosen.filter(seen_at=None).update(seen_at=timezone.now(), seen_by=request.user.pk)
        messages.success(request, f"{marked} marked as seen.")

    def save_model(self, request: HttpRequest, obj: SafetyAlert, form: Any, change: bool) -> None:
        """Whoever saves has seen it; the first stays."""
        if obj.seen_at is None:
            obj.seen_at, obj.seen_by_id = timezone.now(), request.user.pk
        super().save_model(request, obj, form, change)
