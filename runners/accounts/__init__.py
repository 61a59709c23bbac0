"""Accounts: proving whose an address is, and what a new password puts in question."""
