"""What happens to an upload before a view sees it."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from runners.activity_files.unpack import LARGEST_XML


class CappedUpload(FileUploadHandler):
    """Lets go of a file larger than any activity file may be, and of many that are so together.

    The rest of it is read off the wire and dropped, neither kept in memory nor on disk, and what
    was typed beside it is still read. Goes before the handlers that store.
    """

    too_large = False
    received = 0  # bytes

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > LARGEST_XML:
            self.too_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
