"""The weekly mails, to runners about their week and to coaches about their athletes."""
