"""The admin's pages of interviews, participants and reported questions with what identifies people masked; logs that nobody edits."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from analysis.privacy.masked import plain, shown, shown_of
from analysis.privacy.records import ExportMade, MaskChange, OriginalSeen, QuoteApproval
from interviewer.admin import FlagAdmin, InterviewAdmin, TurnInline
from interviewer.flags import Flag
from interviewer.models import Interview, Turn
from surveys.admin.bases import ModelAdmin
from surveys.admin.records import ParticipantAdmin, ReadOnly
from surveys.models import Participant


class MaskedTurnInline(TurnInline):
    @admin.display(description="text")
    def words(self, turn: Turn) -> SafeString:
        if not hasattr(turn.interview, "shown"):  # one interview object for all its turns
            turn.interview.shown = shown_of(turn.interview.turns.all())  # type: ignore[attr-defined]  # kept for the other turns
        return format_html('<div dir="auto">{}</div>', turn.interview.shown[turn.pk].text)  # type: ignore[attr-defined]  # as above

    @admin.display(description="reported by the participant")
    def reported(self, turn: Turn) -> str:
        return plain(super().reported(turn))


class MaskedInterviewAdmin(InterviewAdmin):
    inlines = (MaskedTurnInline,)


class MaskedFlagAdmin(FlagAdmin):
    list_display = ("question", "why", "conversation", "at")
    fields = ("question", "why", "conversation", "at")
    readonly_fields = fields

    def question(self, flag: Flag) -> SafeString:
        return format_html('<div dir="auto">{}</div>', shown(flag.turn).text)

    @admin.display(description="reason")
    def why(self, flag: Flag) -> str:
        return plain(flag.reason)


class MaskedParticipantAdmin(ParticipantAdmin):
    fields = tuple(  # type: ignore[assignment]  # the same groups under other names
        ("gender_told", "occupation_told") if group == ("gender", "occupation") else group for group in ParticipantAdmin.fields
    )

    @admin.display(description="gender")
    def gender_told(self, participant: Participant) -> str:
        return plain(participant.gender)

    @admin.display(description="occupation")
    def occupation_told(self, participant: Participant) -> str:
        return plain(participant.occupation)


for model, page in ((Interview, MaskedInterviewAdmin), (Flag, MaskedFlagAdmin), (Participant, MaskedParticipantAdmin)):
    admin.site.unregister(model)
    admin.site.register(model, page)


@admin.register(OriginalSeen)
class OriginalSeenAdmin(ReadOnly, ModelAdmin):
    list_display = ("at", "by_name", "survey", "interview_number", "reason")
    list_filter = ("survey", "by_name")
    list_select_related = ("survey",)
    fields = readonly_fields = ("at", "by_name", "survey", "interview_number", "reason")


@admin.register(MaskChange)
class MaskChangeAdmin(ReadOnly, ModelAdmin):
    list_display = ("at", "by_name", "interview", "turn_number", "kind", "action")
    list_filter = ("interview__participant__survey", "action", "kind", "by_name")
    list_select_related = ("interview",)
    fields = readonly_fields = ("at", "by_name", "interview", "turn_number", "kind", "action")


@admin.register(QuoteApproval)
class QuoteApprovalAdmin(ReadOnly, ModelAdmin):
    list_display = ("at", "by_name", "survey", "status", "turn", "reason")
    list_filter = ("survey", "status", "by_name")
    list_select_related = ("survey", "turn")
    fields = readonly_fields = ("at", "by_name", "survey", "status", "turn", "start", "end", "reason")


@admin.register(ExportMade)
class ExportMadeAdmin(ReadOnly, ModelAdmin):
    list_display = ("at", "by_name", "survey", "table")
    list_filter = ("survey", "table", "by_name")
    list_select_related = ("survey",)
    fields = readonly_fields = ("at", "by_name", "survey", "table")
