from contextlib import closing

import pytest
from django.conf import settings
from django.test import Client

HEADER = "Content-Security-Policy"


def test_policy_allows_nothing_inline_and_no_other_host() -> None:
    policy = {name: to for name, to in settings.SECURE_CSP.items() if "report" not in name}
    sources = {source for values in policy.values() for source in values}
    assert sources == {"'none'", "'self'", "data:"}
    assert [name for name, values in settings.SECURE_CSP.items() if "data:" in values] == [
        "img-src"
    ]


def test_policy_denies_what_it_does_not_name() -> None:
    assert settings.SECURE_CSP["default-src"] == ["'none'"]
    # These do not fall back to default-src.
    assert {"form-action", "base-uri", "frame-ancestors"} <= set(settings.SECURE_CSP)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/privacy/", 200), ("/settings/", 302), ("/there-is-no-such-page/", 404)],
)
def test_every_answer_carries_the_policy(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    policy = dict(part.split(" ", 1) for part in response[HEADER].split("; "))
    assert policy == {name: " ".join(values) for name, values in settings.SECURE_CSP.items()}


@pytest.mark.django_db
def test_refused_form_carries_the_policy() -> None:
    response = Client(enforce_csrf_checks=True).post("/demo/")
    assert response.status_code == 403
    assert response[HEADER].startswith("default-src 'none'")


@pytest.mark.django_db
def test_answers_carry_the_other_protections(client: Client) -> None:
    headers = client.get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("accelerometer=(), gyroscope=(), camera=()")


@pytest.mark.django_db
def test_no_other_site_may_embed_a_page_or_a_file(client: Client) -> None:
    for path in ("/", "/static/css/limber.css", "/static/img/limber.svg"):
        with closing(client.get(path)) as response:
            assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_drawing_that_is_opened_by_itself_runs_nothing(client: Client) -> None:
    with closing(client.get("/static/img/limber.svg")) as response:
        assert response.headers[HEADER] == (
            "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none';"
            " frame-ancestors 'none'"
        )


@pytest.mark.django_db
def test_browsers_are_told_where_to_report_what_they_refused(client: Client) -> None:
    headers = client.get("/").headers
    assert headers["Reporting-Endpoints"] == 'csp="/csp-reports/"'
    assert "report-uri /csp-reports/; report-to csp" in headers[HEADER]
