"""PyTorch's side of the comparison as a process.

Run by bench.ts as `python bench/speed/twins` with the number of threads as argument.
"""

import sys

import torch

from gan import inversion, iteration
from hreg import hreg
from lstm import lstm
from networks import autoencoder, dagmm, gdn
from serve import serve

JOBS = {
    "autoencoder": autoencoder, "dagmm": dagmm, "gdn": gdn,
    "ganInversion": inversion, "ganIteration": iteration, "hreg": hreg, "lstm": lstm,
}


def main() -> None:
    torch.set_num_threads(int(sys.argv[1]))
    torch.set_num_interop_threads(1)
    torch.manual_seed(1)
    serve(f"PyTorch {torch.__version__.split('+')[0]}", torch.get_num_threads(), JOBS)


main()
