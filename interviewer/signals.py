"""News of interviews, for the apps above."""

from django.dispatch import Signal

# Sent after the commit that ended an interview, with `interview_id`.
interview_completed = Signal()
