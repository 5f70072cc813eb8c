"""What some work took: time of all threads of this process, and time on the clock."""

import time
from collections.abc import Callable


def per_piece(work: Callable[[], None], pieces: int) -> dict[str, float]:
    """Cost of one of `pieces` equal pieces of the work."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    wall_ms = 1000 * (time.perf_counter() - wall)
    return {"cpuMs": 1000 * (time.process_time() - cpu) / pieces, "wallMs": wall_ms / pieces}
