"""What a researcher sees of the interviews in the admin: who is at which turn, and what was said; nothing can be edited."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from interviewer.flags import Flag
from interviewer.models import Interview, Turn
from interviewer.safety.admin import SafetyAlertAdmin
from interviewer.safety.models import SafetyAlert
from interviewer.spoken import FLAGS, SpokenLanguage
from surveys.admin.bases import ModelAdmin, TabularInline
from surveys.admin.records import ReadOnly
from surveys.languages import name


class TurnInline(ReadOnly, TabularInline):
    model = Turn
    fields = (
        "number",
        "role",
        "move",
        "question_key",
        "held_in",
        "words",
        "not_said",
        "reported",
        "model",
        "prompt_version",
        "latency_ms",
        "input_tokens",
        "output_tokens",
    )
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description="text")
    def words(self, turn: Turn) -> SafeString:
        return format_html('<div dir="auto">{}</div>', turn.text)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Turn]:
        turns: QuerySet[Turn] = super().get_queryset(request)
        return turns.select_related("flag")

    @admin.display(description="reported by the participant")
    def reported(self, turn: Turn) -> str:
        return turn.flag.reason or "no reason given" if hasattr(turn, "flag") else ""

    @admin.display(description="not said before, for")
    def not_said(self, turn: Turn) -> str:
        return "; ".join(", ".join(reasons) for reasons in turn.refused)


@admin.register(Interview)
class InterviewAdmin(ReadOnly, ModelAdmin):
    list_display = ("__str__", "survey", "origin", "status", "awaiting", "language", "turn_count", "reports", "started_at", "completed_at")
    list_filter: ClassVar[tuple[Any, ...]] = (
        *("status", "awaiting", "participant__origin", "language"),
        *(f"spoken__{flag}" for flag in FLAGS),
        "participant__survey",
    )
    readonly_fields = ("languages",)
    list_select_related = ("participant__survey",)
    search_fields = ("participant__external_id",)
    search_help_text = "A participant's external id"
    show_full_result_count = False
    exclude = ("lease_owner", "lease_until", "joins")
    inlines = (TurnInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interview]:
        interviews: QuerySet[Interview] = super().get_queryset(request)
        return interviews.annotate(turn_count=Count("turns"), flag_count=Count("turns__flag"))

    @admin.display(description="turns", ordering="turn_count")
    def turn_count(self, interview: Interview) -> int:
        return interview.turn_count  # type: ignore[attr-defined, no-any-return]  # annotated above

    @admin.display(description="languages spoken")
    def languages(self, interview: Interview) -> str:
        """Changes midway; what was written; what does not match."""
        spoken = SpokenLanguage.objects.filter(interview=interview).first()
        read = (f"written in {name(spoken.detected)}", spoken.told) if spoken else ("not read yet",)
        return "; ".join(filter(None, (*map(str, interview.language_changes.all()), *read)))

    @admin.display(description="questions reported", ordering="flag_count")
    def reports(self, interview: Interview) -> int:
        return interview.flag_count  # type: ignore[attr-defined, no-any-return]  # annotated above

    @admin.display(ordering="participant__survey")
    def survey(self, interview: Interview) -> str:
        return str(interview.participant.survey)

    @admin.display(ordering="participant__origin")
    def origin(self, interview: Interview) -> str:
        return interview.participant.get_origin_display()


@admin.register(Flag)
class FlagAdmin(ReadOnly, ModelAdmin):
    list_display = ("question", "reason", "conversation", "at")
    list_filter = ("turn__interview__participant__survey", "turn__move")
    list_select_related = ("turn",)

    def question(self, flag: Flag) -> SafeString:
        return format_html('<div dir="auto">{}</div>', flag.turn.text)

    def conversation(self, flag: Flag) -> SafeString:
        page = reverse("admin:interviewer_interview_change", args=[flag.turn.interview_id])
        return format_html('<a href="{}">Interview {}, turn {}</a>', page, flag.turn.interview_id, flag.turn.number)


admin.site.register(SafetyAlert, SafetyAlertAdmin)
