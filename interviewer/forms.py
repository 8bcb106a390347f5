"""What a participant fills in beside the interview: the three questions about it, and a correction."""

from django import forms

from interviewer.answers import LONGEST
from interviewer.models import Interview
from interviewer.stock import EMPTY

SCALE = [(number, str(number)) for number in range(1, 8)]


class RatingForm(forms.Form):
    satisfaction = forms.TypedChoiceField(choices=SCALE, coerce=int, empty_value=None, required=False)
    captured = forms.TypedChoiceField(choices=SCALE, coerce=int, empty_value=None, required=False)
    would_recommend = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda v: v == "yes", empty_value=None, required=False)

    def save(self, interview: Interview) -> None:
        """Keeps the answers; only the first rating counts."""
        unrated = Interview.objects.filter(pk=interview.pk, satisfaction=None, captured=None, would_recommend=None)
        unrated.update(**self.cleaned_data)


class CorrectionForm(forms.Form):
    text = forms.CharField(max_length=LONGEST, error_messages={"required": EMPTY})
