"""The admin: where researchers write surveys, publish guides and look at what is on record."""

from django.contrib import admin

from surveys.admin.contacts import ContactAdmin, InvitationPlanAdmin
from surveys.admin.questions import QuestionAdmin
from surveys.admin.records import GuideVersionAdmin, ModelCallAdmin, ParticipantAdmin, WithdrawalAdmin
from surveys.admin.recruitment import QuotaAdmin
from surveys.admin.support import SupportResourceAdmin
from surveys.admin.surveys import SurveyAdmin
from surveys.invitations.models import Contact, InvitationPlan
from surveys.models import GuideVersion, ModelCall, Participant, Question, Survey
from surveys.recruitment import Quota
from surveys.support import SupportResource
from surveys.withdrawal import Withdrawal

admin.site.site_header = admin.site.site_title = "Colloquy"
admin.site.index_title = "Research"
admin.site.site_url = None

admin.site.register(Survey, SurveyAdmin)
admin.site.register(Question, QuestionAdmin)
admin.site.register(GuideVersion, GuideVersionAdmin)
admin.site.register(Participant, ParticipantAdmin)
admin.site.register(SupportResource, SupportResourceAdmin)
admin.site.register(Quota, QuotaAdmin)
admin.site.register(Withdrawal, WithdrawalAdmin)
admin.site.register(ModelCall, ModelCallAdmin)
admin.site.register(Contact, ContactAdmin)
admin.site.register(InvitationPlan, InvitationPlanAdmin)
