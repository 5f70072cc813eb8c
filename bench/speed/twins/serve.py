"""A process that measures: reads requests, one a line, and answers each with one line."""

import json
import sys
from collections.abc import Callable


def serve(version: str, threads: int, jobs: dict[str, Callable]) -> None:
    """Says who it is, then answers until the input ends; a job is prepared when its shape is first asked for."""
    say({"version": version, "threads": threads})
    prepared = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = json.dumps([request["job"], request["shape"], request.get("data")])
        if key not in prepared:
            prepared[key] = jobs[request["job"]](request)
        say(prepared[key](request["pieces"]))


def say(message: dict) -> None:
    print(json.dumps(message), flush=True)
