"""Coaching: invitations and links, teams, the roster, notes. `access` decides who may read."""
