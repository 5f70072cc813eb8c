"""PyTorch's side of the comparison as a process: reads requests, one a line, and answers each with one line.

Run by bench.ts as `python bench/speed/twins` with the number of threads as argument.
"""

import json
import sys

import torch

from gan import inversion, iteration
from hreg import hreg
from lstm import lstm

JOBS = {"ganInversion": inversion, "ganIteration": iteration, "hreg": hreg, "lstm": lstm}


def main() -> None:
    threads = int(sys.argv[1])
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    say({"version": f"PyTorch {torch.__version__.split('+')[0]}", "threads": torch.get_num_threads()})
    prepared = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = json.dumps([request["job"], request["shape"], request.get("data")])
        if key not in prepared:
            prepared[key] = JOBS[request["job"]](request)
        say(prepared[key](request["pieces"]))


def say(message: dict) -> None:
    print(json.dumps(message), flush=True)


main()
