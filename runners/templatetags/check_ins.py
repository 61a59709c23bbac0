"""Parts of the check-in that are the same for everybody: put into HTML once for a process."""

from functools import cache

from django import template
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from runners.body.body_map import Region
from runners.check_ins.forms import CheckInForm

register = template.Library()


@register.filter
def as_input(choice: BoundWidget) -> SafeString:
    """A box or radio button of a field, as `choice.tag` has it, without a template for each."""
    data = choice.data
    values = {"type": data["type"], "name": data["name"], "value": data["value"], **data["attrs"]}
    return format_html("<input{}>", flatatt(values))


@register.simple_tag
@cache
def place_button(region: Region, where: str) -> SafeString:
    """A place with its mark, `on_map` or `in_list`: as many as there are places and marks."""
    return render_to_string(f"runners/check_ins/_place_button.html#{where}", {"region": region})


@register.simple_tag
@cache
def blank_spot() -> SafeString:
    """The panel that the page copies for a new spot."""
    return render_to_string("runners/check_ins/_spot_panel.html", {"spot": CheckInForm.blank()})
