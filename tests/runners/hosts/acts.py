"""What tests of a host's acts share."""

from django.test import Client
from post_office.models import Email

from runners.models import SecurityEvent, User


def page_of(person: User) -> str:
    return f"/host/accounts/{person.pk}/"


def act(client: Client, person: User, what: str, **fields: str) -> str:
    """Press a button of the account's page; gives the notice of the page after it."""
    response = client.post(f"{page_of(person)}{what}/", fields)
    assert (response.status_code, response["Location"]) == (302, page_of(person))
    messages = client.get(page_of(person)).context["messages"]
    return " ".join(str(message) for message in messages)


def noted(person: User) -> list[tuple[str, User | None]]:
    """Kinds of events with who did it, but for sign-ins; oldest first."""
    events = SecurityEvent.objects.of(person).exclude(kind="signed_in").order_by("pk")
    return [(event.kind, event.by) for event in events]


def mailed_to(person: User) -> list[str]:
    """Subjects of what waits for the person, oldest first."""
    return list(Email.objects.filter(to=person.email).order_by("pk").values_list("subject", flat=1))
