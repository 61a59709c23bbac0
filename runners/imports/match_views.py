"""What is what in a list that nobody here knows: shown as guessed, confirmed by its runner."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from runners.imports import actions
from runners.imports.match_forms import ColumnsForm
from runners.imports.match_page import preview
from runners.imports.matching import Matching
from runners.imports.tables import LARGEST, Table, read_table
from runners.imports.views import NOTICES, own_import
from runners.models import Import, ImportFile, ImportState
from runners.models.imports import import_storage
from runners.web.http import AuthedRequest, consent_required, page_or_fragment
from runners.web.notices import say


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
@consent_required
def import_columns(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """`add` is sent by the button that saves; without it the page shows what was changed."""
    brought = own_import(request, uid)
    file = ImportFile.objects.of(brought).first()
    if brought.state != ImportState.TO_MATCH or file is None:
        return redirect("runners:import-one", uid)  # an old page: it was said already
    with import_storage().open(file.stored) as stored:
        table = read_table(stored.read(LARGEST))
    form = ColumnsForm(table, _start(brought, table), runner=request.user, sent=request.POST.dict())
    is_valid = form.is_valid()
    if is_valid and form.is_seen and "add" in request.POST:
        return _begin(request, brought, form.to_matching())
    matching = form.to_matching() if is_valid else None
    columns = list(form.columns())
    context = {
        "brought": brought,
        "name": file.name,
        "rows": len(table.rows),
        "form": form,
        "columns": columns,
        "said": sum(bool(form.start.says[column.number - 1]) for column in columns),
        "open": sum(column.is_open for column in columns),
        "is_tried": "add" in request.POST,
        "preview": matching and preview(file.name, table, matching, request.user),
    }
    template = page_or_fragment(request, "runners/imports/columns.html", "columns")
    return render(request, template, context, status=422 if "add" in request.POST else 200)


def _start(brought: Import, table: Table) -> Matching:
    """As the last such list was read, where there was one."""
    before = actions.matched_before(brought)
    if before is not None and len(before.says) == len(table.headings):
        return before
    return Matching.guessed(table, units=brought.runner.units)


def _begin(request: AuthedRequest, brought: Import, matching: Matching) -> HttpResponse:
    try:
        actions.match_list(brought, matching, by=request.user)
    except actions.Unfinished as problem:
        say(request, messages.WARNING, f"{NOTICES}unfinished")
        brought = problem.brought
    return redirect("runners:import-one", brought.uid)


@require_POST
def import_leave(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    brought = own_import(request, uid)
    actions.leave_list(brought)
    return redirect("runners:import-one", uid)
