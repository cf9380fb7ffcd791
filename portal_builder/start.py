"""Owns the first moment of the `haedap` command: whether it has been answered already. Refuses everything else.

Loading the program takes longer than looking whether there is anything to do.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import time
from datetime import UTC, datetime

from portal_builder.again import answer, asked, recall, stamps


def main() -> None:
    """The console script."""
    atexit.register(gc.freeze)  # else Python looks for garbage in all that was read, to leave it to the system next
    known = asked(sys.argv[1:], os.environ, is_terminal=sys.stdout.isatty())
    record = recall(known) if known else None
    if known and record:
        seen, now = stamps(known.root, time.time_ns()), datetime.now(UTC)
        said = answer(record, now, seen)
        if said is None and seen:
            from portal_builder.retouch.retouch import retouch  # noqa: PLC0415 -- only where something changed

            anew = retouch(known, record, seen, now)
            said = None if anew is None else record.said.text(anew)
        if said is not None:
            sys.stdout.write(said)
            return
    gc.set_threshold(100_000)  # loading makes tens of thousands of things that all stay: none of them is garbage
    from portal_builder.cli import main as carry_out  # noqa: PLC0415 -- only where there is something to do

    carry_out()
