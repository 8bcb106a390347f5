"""A list of small values edited as YAML in a text box, checked by what the guide says they are."""

from typing import Any

import yaml
from django import forms
from pydantic import BaseModel, ValidationError

from surveys import guide_yaml


class YamlListField(forms.CharField):
    """In the form: YAML. In the record: a list of plain values, each valid for `item`."""

    def __init__(self, *, item: type[BaseModel], label: str, help_text: str) -> None:
        area = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "dir": "auto"})
        super().__init__(required=False, strip=True, label=label, help_text=help_text, widget=area)
        self.item = item

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return yaml.safe_dump(value, allow_unicode=True, sort_keys=False) if value else ""
        return value

    def to_python(self, value: Any) -> Any:
        try:
            entries = guide_yaml.parse(super().to_python(value) or "") or []
        except guide_yaml.GuideError as error:
            raise forms.ValidationError(error.problems) from error
        if not isinstance(entries, list):
            raise forms.ValidationError("Write a list: each entry begins with “- ”.")
        try:
            return [self.item.model_validate(entry).model_dump(mode="json", exclude_defaults=True) for entry in entries]
        except ValidationError as error:
            raise forms.ValidationError(guide_yaml.sentences(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
