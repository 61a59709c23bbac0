"""Three database hosts, two web hosts and a front, on one machine, to try out and to take apart.

`python -m deploy.cluster`, for root. The files of this folder, `pgbouncer.ini` and `nginx.conf`
are what real hosts have: each host here has them where a real one does, with what stands between <
and > filled in. `__main__` shuts all of it in, `network` makes a host, `services` says what runs on
which, `shell` starts them and does what one types.
"""
