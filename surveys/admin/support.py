"""The table of help lines: edited in place, filtered to what nobody has checked, taken away as CSV and brought back."""

import csv
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from surveys.admin.bases import ModelAdmin, ModelForm
from surveys.languages import ISO_COUNTRIES, country_name, name, normalise
from surveys.support import SupportResource
from surveys.support_files import COLUMNS, Unreadable, read, rows

BEFORE_FIELDING = "Numbers change. Before you interview people, make sure that every line of your countries is right, and enter the day."


class SupportResourceForm(ModelForm):
    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).strip().upper()
        if country and country not in ISO_COUNTRIES:
            raise forms.ValidationError("This is no ISO 3166-1 alpha-2 code of a country.")
        return country

    def clean_language(self) -> str:
        return normalise(str(self.cleaned_data["language"]))


class SupportFileForm(forms.Form):
    file = forms.FileField(label="CSV file")


class SupportResourceAdmin(ModelAdmin):
    form = SupportResourceForm
    list_display = ("name", "where", "spoken", "contact", "url", "note", "checked_on", "active")
    list_editable = ("contact", "url", "note", "checked_on", "active")
    list_filter = ("active", ("checked_on", admin.EmptyFieldListFilter), "country", "language")
    search_fields = ("name", "country", "language", "contact")
    actions = ("as_csv",)
    formfield_overrides = {URLField: {"assume_scheme": "https"}}  # noqa: RUF012 - Django's own way
    change_list_template = "admin/surveys/supportresource/change_list.html"

    @admin.display(description="country", ordering="country")
    def where(self, resource: SupportResource) -> str:
        return country_name(resource.country) if resource.country else "anywhere"

    @admin.display(description="language", ordering="language")
    def spoken(self, resource: SupportResource) -> str:
        return name(resource.language) if resource.language else "any"

    @admin.action(description="Save the chosen ones as CSV")
    def as_csv(self, request: HttpRequest, chosen: QuerySet[SupportResource]) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="support.csv"'})
        response.write("\ufeff")
        csv.writer(response).writerows([COLUMNS, *rows(chosen)])
        return response

    def get_urls(self) -> list[URLPattern]:
        return [path("load/", self.admin_site.admin_view(self.load), name="surveys_supportresource_load"), *super().get_urls()]

    def load(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = SupportFileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                added, changed = read(form.cleaned_data["file"].read())
            except Unreadable as problem:
                form.add_error("file", str(problem))
            else:
                messages.success(request, f"{added} added, {changed} changed.")
                return redirect("admin:surveys_supportresource_changelist")
        context = self.admin_site.each_context(request) | {"title": "Load CSV", "form": form, "columns": COLUMNS, "opts": self.opts}
        return TemplateResponse(request, "admin/surveys/supportresource/load.html", context, status=400 if form.errors else 200)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"subtitle": BEFORE_FIELDING, **(extra_context or {})})
