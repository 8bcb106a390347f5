"""What is on record, to be looked at and never edited: guide versions, participants, consent, calls to language models."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from surveys import guide_yaml
from surveys.admin.bases import ModelAdmin, StackedInline
from surveys.admin.links import address
from surveys.models import ConsentRecord, GuideVersion, Participant


class ReadOnly:
    """Mixed into an admin or an inline: everything may be looked at, nothing changed."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class GuideVersionAdmin(ReadOnly, ModelAdmin):
    list_display = ("__str__", "survey", "number", "published_at", "published_by")
    list_filter = ("survey",)
    list_select_related = ("survey", "published_by")
    fields = ("survey", "number", "sha256", "published_at", "published_by", "approvals", "as_yaml")

    @admin.display(description="guide")
    def as_yaml(self, version: GuideVersion) -> SafeString:
        return format_html('<pre dir="auto">{}</pre>', guide_yaml.write(version.guide))

    @admin.display(description="translations", empty_value="none")
    def approvals(self, version: GuideVersion) -> str:
        lines = (
            "{language} {of}: made by {made_by} {prompt_version}, approved by {approved_by} {approved_at}".format(**each)
            for each in version.translations
        )
        return format_html_join("", "{}<br>", ((line,) for line in lines))


class ConsentInline(ReadOnly, StackedInline):
    model = ConsentRecord
    fields = readonly_fields = ("given", "at", "language", "guide_version", "text")
    verbose_name_plural = "consent"


class ParticipantAdmin(ReadOnly, ModelAdmin):
    list_display = ("__str__", "survey", "origin", "language", "country", "consented", "how_it_ended", "created_at")
    list_filter = ("survey", "origin", "language", "consent__given", "outcome__result")
    list_select_related = ("survey", "consent", "outcome")
    search_fields = ("external_id",)
    show_full_result_count = False
    inlines = (ConsentInline,)
    fields = (
        ("survey", "origin"), "external_id", "personal_link", ("language", "browser_languages"),
        ("country", "age_band"), ("gender", "occupation"), "screening", ("how_it_ended", "panel_visit"), "profiled_at", "created_at",
    )  # fmt: skip

    @admin.display(description="consent", boolean=True, ordering="consent__given")
    def consented(self, participant: Participant) -> bool | None:
        return participant.consent.given if hasattr(participant, "consent") else None

    @admin.display(description="outcome", empty_value="")
    def how_it_ended(self, participant: Participant) -> str | None:
        return str(participant.outcome) if hasattr(participant, "outcome") else None

    @admin.display(description="visit from a panel", empty_value="none")
    def panel_visit(self, participant: Participant) -> str | None:
        return str(participant.arrival) if hasattr(participant, "arrival") else None

    @admin.display(description="personal link")
    def personal_link(self, participant: Participant) -> SafeString:
        link = address("interviewer:participate", participant.token) or f"/i/{participant.token}/"
        return format_html('<a href="{0}">{0}</a> (whoever has this link can speak as the participant)', link)


class WithdrawalAdmin(ReadOnly, ModelAdmin):
    list_display = ("on", "survey", "origin", "status")
    list_filter = ("survey", "origin")
    list_select_related = ("survey",)


class ModelCallAdmin(ReadOnly, ModelAdmin):
    list_display = ("at", "survey", "purpose", "model", "outcome", "input_tokens", "cache_read_tokens", "output_tokens", "cost_usd", "latency_ms")
    list_filter = ("survey", "purpose", "model", "outcome")
    list_select_related = ("survey",)
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    show_full_result_count = False
    fields = (
        "at", ("survey", "participant"), ("purpose", "outcome"), ("model", "prompt_version"), ("input_tokens", "output_tokens"),
        ("cache_read_tokens", "cache_write_tokens"), "cost_usd", ("latency_ms", "first_token_ms"),
    )  # fmt: skip

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cl" in context:
            context["totals"] = totals(context["cl"].queryset)
        return response


def totals(calls: QuerySet[Any]) -> list[dict[str, Any]]:
    """Per survey: calls, tokens, US dollars (None where no call has a known price), and the calls whose price is not known."""
    return list(
        calls.order_by()
        .values("survey__title")
        .annotate(
            calls=Count("pk"),
            input=Sum("input_tokens"),
            cache_read=Sum("cache_read_tokens"),
            cache_write=Sum("cache_write_tokens"),
            output=Sum("output_tokens"),
            cost=Sum("cost_usd"),
            unpriced=Count("pk", filter=Q(cost_usd=None)),
        )
        .order_by("survey__title")
    )
