"""What a host does with a whole Limber: backs it up, brings it back, sees whether all is well.

`shelf` is the folder of backups, `archive` one backup as a file, `sqlite` and `postgres` read and
replace a database as a whole. `backing_up` and `restoring` put them together, `what_ended` applies
the journal, `moving` carries every row (`tables`) to another database, `checkup` looks over all of
it, `alive` is the worker's sign of life. What is refused is said in a
sentence to the host.
"""


class Refused(Exception):
    """In a sentence, with what to do."""
