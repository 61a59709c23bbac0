from typing import Any

from django.core.management.base import BaseCommand

from runners.coaching.links.invitation_mail import send_waiting
from runners.formats import count
from runners.management.commands._mailing import require_address
from runners.models import Invitation, User


class Command(BaseCommand):
    help = (
        "Puts the invitations that wait into the outbox, as many for each sender as may go in a"
        " day. To be run every hour by a scheduler; sending twice sends once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        require_address()
        waiting = Invitation.objects.waiting().order_by()
        senders = User.objects.filter(is_active=True, pk__in=waiting.values("sender"))
        sent = sum(send_waiting(sender) for sender in senders.order_by("pk"))
        left = waiting.count()
        more = f" {count(left, 'invitation')} still waiting." if left else ""
        self.stdout.write(f"Sent {count(sent, 'invitation')}.{more}")
