from typing import Any

from django.core.management.base import BaseCommand, CommandError

from runners import site
from runners.coaching.invitation_mail import send_waiting
from runners.models import Invitation, User
from runners.weeks.words import count


def address_of(invitation: Invitation) -> str:
    return site.absolute("runners:invitation", invitation.token)


class Command(BaseCommand):
    help = (
        "Sends the invitations that wait, as many for each sender as may go in a day."
        " To be run every hour by a scheduler; sending twice sends once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        site.require_address()
        waiting = Invitation.objects.waiting().order_by()
        senders = User.objects.filter(is_active=True, pk__in=waiting.values("sender"))
        sent = 0
        for sender in senders.order_by("pk"):
            done = send_waiting(sender, address_of)
            sent += done.sent
            if done.server_is_away:
                raise CommandError(
                    f"Sent {count(sent, 'invitation')}, then the mail server did not answer."
                    " The next run sends the rest."
                )
        left = waiting.count()
        more = f" {count(left, 'invitation')} still waiting." if left else ""
        self.stdout.write(f"Sent {count(sent, 'invitation')}.{more}")
