"""The researcher's forms for inviting: contacts from a file or as text, and links with nothing behind them."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from surveys.invitations import files
from surveys.invitations.files import NotContacts, Problem, Row
from surveys.invitations.storing import MOST_LINKS

SOURCE = forms.CharField(
    label="Where they are from", required=False, max_length=200, help_text="Such as “newsletter, May”. Participants can read it in their record."
)


class ContactsForm(forms.Form):
    file = forms.FileField(label="CSV file", required=False, help_text="Columns: email, name, language, external_id; email or external_id at least.")
    text = forms.CharField(
        label="or the same as text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "dir": "auto", "placeholder": "email,name,language,external_id"}),
    )
    source = SOURCE
    rows: list[Row | Problem]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file: UploadedFile[Any] | None = cleaned.get("file")
        content: bytes = file.read(files.MOST_BYTES + 1) if file else cleaned.get("text", "").encode()
        if not content.strip():
            raise forms.ValidationError("Choose a file, or write contacts into the text field.")
        try:
            self.rows = files.read(content)
        except NotContacts as why:
            raise forms.ValidationError(str(why)) from why
        return cleaned


class LinksForm(forms.Form):
    count = forms.IntegerField(label="How many", min_value=1, max_value=MOST_LINKS)
    beginning = forms.RegexField(
        r"^[\w.-]{1,40}$", label="Ids begin with", initial="link", help_text="The ids are link-1, link-2 and so on. They stand in exports."
    )
    source = SOURCE
