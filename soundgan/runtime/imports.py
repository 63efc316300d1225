"""What other libraries do to the process while they are imported, undone."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def leaving_no_trace() -> Iterator[None]:
    """Inside, libraries are imported that set variables or draw from Python's random stream.

    torch's compiler states where its cache is; rich numbers its styles by chance.
    """
    variables, stream = set(os.environ), random.getstate()
    try:
        yield
    finally:
        random.setstate(stream)
        for name in set(os.environ) - variables:
            del os.environ[name]
