"""After the sign-up with mail: what is left to do."""

from django.test import Client

from tests.mail_server import MailServer
from tests.runners.accounts.newcomer import SIGN_UP, sign_in

PAGE = "/accounts/confirm-email/"


def test_a_sign_up_leads_to_it(client: Client, db: None, mail_server: type[MailServer]) -> None:
    response = client.post("/accounts/signup/", SIGN_UP, follow=True)

    assert response.redirect_chain[-1][0] == PAGE
    assert "<h1>One click left</h1>" in response.text


def test_so_does_a_sign_in_before_the_click(
    client: Client, db: None, mail_server: type[MailServer]
) -> None:
    client.post("/accounts/signup/", SIGN_UP)

    response = sign_in(client)

    assert response.redirect_chain[-1][0] == PAGE
    assert "_auth_user_id" not in client.session


def test_it_leads_back_to_the_sign_in_and_names_no_address(client: Client) -> None:
    page = client.get(PAGE).text

    assert 'href="/accounts/login/">Back to sign in</a>' in page
    assert "@" not in page.partition("<h1>")[2]
