"""granian, with Limber loaded before it forks: its processes share what none of them changes.

`python -m config.preloaded` takes the arguments of granian.
"""

import gc
import multiprocessing

from granian.cli import entrypoint

import config.wsgi  # noqa: F401  # which is what is shared

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # on Linux the default until Python 3.14
    gc.collect()
    gc.freeze()  # or the first collection in each process would write to all, and so copy it
    entrypoint()  # type: ignore[no-untyped-call]  # granian's own has no types
