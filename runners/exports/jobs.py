"""The exports that wait, and the worker that makes them."""

import logging
import tempfile
import uuid

from django.core.files import File
from django.db import DatabaseError, transaction
from django.utils import timezone

from runners import security_log
from runners.exports.archive import write
from runners.journal import opaque_id
from runners.models import Export, ExportState, SecurityEventKind
from runners.models.exports import export_storage
from runners.web.database_trouble import is_passing
from runners.web.logs import about, new_id

IN_MEMORY = 8_000_000  # bytes; the rest of a larger one lies on the disk meanwhile

logger = logging.getLogger(__name__)


class Gone(Exception):
    """With the account, or made by another meanwhile."""


def make_next() -> bool:
    """Make the export that has waited longest. False where none waits. 1 query for nothing."""
    export = claim()
    if export is None:
        return False
    with about(new_id(), opaque_id(export.person)):
        try:
            _make(export)
            logger.info("Made export %s", export.pk)
        except Gone:
            pass
        except Exception as problem:
            if isinstance(problem, DatabaseError) and is_passing(problem):
                raise  # without a sign of life it is made again
            logger.exception("Export %s broke off", export.pk)
            Export.objects.filter(pk=export.pk, state=ExportState.MAKING).update(
                state=ExportState.BROKEN, ended_at=timezone.now()
            )
    return True


def claim() -> Export | None:
    now = timezone.now()
    for key in Export.objects.to_make(now).order_by("created_at").values_list("pk", flat=True)[:20]:
        mine = Export.objects.to_make(now).filter(pk=key)
        if mine.update(state=ExportState.MAKING, beat_at=now):
            return Export.objects.select_related("person").filter(pk=key).first()
    return None


def _make(export: Export) -> None:
    making = Export.objects.filter(pk=export.pk, state=ExportState.MAKING)

    def progress(done: int, of: int) -> None:
        if not making.update(done=done, of=of, beat_at=timezone.now()):
            raise Gone

    storage = export_storage()
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as written:
        write(export.person, written, progress)
        size = written.tell()
        written.seek(0)
        stored = storage.save(str(uuid.uuid4()), File(written))
    ended = {"stored": stored, "size": size, "ended_at": timezone.now()}
    with transaction.atomic():
        is_there = making.update(state=ExportState.DONE, **ended)
        if is_there:
            security_log.note(SecurityEventKind.EXPORTED, export.person)
    if not is_there:
        storage.delete(stored)
