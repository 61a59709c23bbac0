"""The weekly mails, to runners about their week and to coaches about their athletes.

`sending` decides who is due and sends once, `your_week` and `your_athletes` write the two mails,
`stopping` makes and reads the link that stops them.
"""

from runners.digests.sending import send_due

__all__ = ["send_due"]
