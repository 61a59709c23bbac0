"""The link that stops a weekly mail with one click, by whoever holds the mail."""

from django.core import signing

from runners.models import User
from runners.models.digests import DigestKind
from runners.web import absolute_urls as site

SALT = "runners.digests.stopping"
# The switch in the settings for each mail.
SWITCH = {
    DigestKind.RUNNER: "wants_runner_digest",
    DigestKind.COACH: "wants_coach_digest",
}


def stop_address(user: User, kind: DigestKind) -> str:
    """Works for ever, as the mail may be read years later."""
    token = signing.Signer(salt=SALT).sign_object([user.pk, kind.value])
    return site.absolute("runners:digest-stop", token)


def read_token(token: str) -> tuple[int, DigestKind] | None:
    """Whom and what the link is about; None for one that was made up or cut short.

    The person may be gone by now: nobody learns that from a link.
    """
    try:
        user_id, kind = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    return user_id, DigestKind(kind)


def stop(user_id: int, kind: DigestKind) -> None:
    User.objects.filter(pk=user_id).update(**{SWITCH[kind]: False})
