"""granian, with Limber loaded before it forks: its processes share what none of them changes.

Run by its file, so that the working folder does not matter, and with granian's own arguments.
"""

import gc
import multiprocessing
import sys
from pathlib import Path

from granian.cli import entrypoint

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import config.wsgi  # noqa: F401  # which is what is shared

    multiprocessing.set_start_method("fork")  # on Linux the default until Python 3.14
    gc.collect()
    gc.freeze()  # or the first collection in each process would write to all, and so copy it
    entrypoint()  # type: ignore[no-untyped-call]  # granian's own has no types
