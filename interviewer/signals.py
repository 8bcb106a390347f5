"""News of interviews, for the apps above."""

from django.dispatch import Signal

# Sent after the commit that ended an interview, with `interview_id`.
interview_completed = Signal()

# Sent inside the transaction in which a participant's words go, so that what was made of them goes with them or nothing does;
# with `interview_id` and `turn_id`.
words_struck = Signal()

# Sent inside the transaction of a withdrawal, before anything is deleted, with `survey_id` and `interview_id` (None where none had begun).
# Rows that point to the interview go with it: this is for whatever else has to be done.
participant_withdrawn = Signal()
