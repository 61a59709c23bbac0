"""The library: what guidance knows, for anyone to look up. No page of it asks the database."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from guidance.knowledge import current_knowledge
from guidance.library.entries import (
    LONGEST_QUERY,
    drawing_of,
    entry_at,
    search,
)
from guidance.library.page import entries_from_paragraph, entries_from_source, page_of_entry
from runners.web.http import PublicRequest, page_or_fragment
from runners.web.welcome import open_before_welcome

OUR_JUDGEMENT = "JUDGE"


@login_not_required
@open_before_welcome
@require_safe
@vary_on_headers("HX-Request")
def library(request: PublicRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context = {
        "wanted": wanted,
        "longest_query": LONGEST_QUERY,
        "hits": search(wanted),
        "words": current_knowledge().words,
    }
    return render(
        request, page_or_fragment(request, "guidance/library/library.html", "found"), context
    )


@login_not_required
@open_before_welcome
@require_safe
def library_entry(request: PublicRequest, kind: str, slug: str) -> HttpResponse:
    entry = entry_at(kind, slug)
    if entry is None:
        raise Http404
    context = {
        "page": page_of_entry(entry),
        "entry": entry,
        "drawing": drawing_of(entry),
        "words": current_knowledge().words,
    }
    return render(request, "guidance/library/library_entry.html", context)


@login_not_required
@open_before_welcome
@require_safe
def library_article(request: PublicRequest) -> HttpResponse:
    """The paragraphs that guidance uses, in our words, each with what was made of it."""
    notes = [
        (note, entries_from_paragraph(note.paragraph))
        for note in current_knowledge().article.values()
    ]
    context = {"notes": notes, "article": current_knowledge().sources["ARTICLE"]}
    return render(request, "guidance/library/library_article.html", context)


@login_not_required
@open_before_welcome
@require_safe
def library_sources(request: PublicRequest) -> HttpResponse:
    known = current_knowledge().sources
    studies = [
        (source, entries_from_source(key))
        for key, source in known.items()
        if key not in ("ARTICLE", OUR_JUDGEMENT)
    ]
    context = {
        "studies": studies,
        "article": known["ARTICLE"],
        "judgement": known[OUR_JUDGEMENT],
    }
    return render(request, "guidance/library/library_sources.html", context)
