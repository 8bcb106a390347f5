"""Django's form and admin classes as bases: generic for the type checker, plain at run time."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import TextField

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
    BaseInlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    ModelAdmin, StackedInline, TabularInline = admin.ModelAdmin, admin.StackedInline, admin.TabularInline
    ModelForm, BaseInlineFormSet = forms.ModelForm, forms.BaseInlineFormSet

# Texts in any script: short boxes that can be drawn larger, and that take their direction from what is written.
TEXT_AREAS: dict[Any, Any] = {TextField: {"widget": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "dir": "auto"})}}
