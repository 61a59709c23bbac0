"""Limber on a box of its own: Debian, systemd, nginx. Only the standard library is there to begin.

`limber` is the command, `box` knows where everything lies, `install` puts it there. The units of
`systemd/` and `nginx.conf` can as well be copied by hand. `pgbouncer.ini` and `cluster/` are for
more than one machine. `release` is for whoever releases a version.
"""
