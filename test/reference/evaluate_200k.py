"""Runs `faultline evaluate` on 200,000 scores and compares every figure with the named public implementations of metrics_named.py.

    python test/reference/evaluate_200k.py "node out/main/cli.js"

Needs the packages named in metrics_named.py and a build (`npm run build`). Writes evaluate-200k.md beside this file. Takes about a minute:
VUS of TSB-AD goes over all rows for each of 101 buffers and 250 thresholds.
"""
import json
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from metrics_named import nab_fast, named

SEED, N, THRESHOLD, BUFFER = 20, 200_000, 2.5, 100


def series():
    """Events of 1 to 400 rows, the first at row 0 and the last at the last row; scores with all digits, a tenth of them tied."""
    rng = np.random.default_rng(SEED)
    y = np.zeros(N, int)
    starts = np.sort(rng.choice(np.arange(1000, N - 1000, 1000), 48, replace=False))
    for a, length in zip(starts, rng.integers(1, 400, 48)):
        y[a : a + length] = 1
    y[:200] = 1
    y[-1] = 1
    s = rng.normal(size=N) + 1.5 * y
    tied = rng.random(N) < 0.1
    s[tied] = np.round(s[tied], 2)
    return y, s


def rows_of(ours, theirs):
    def both(name, a, b):
        return name, a, b, abs(a - b)

    for group, keys in (("point", ("precision", "recall", "f1", "aucRoc", "aucPr")), ("pointAdjusted", ("precision", "recall", "f1"))):
        for key in keys:
            yield both(f"{group}.{key}", ours[group][key], theirs[group][key])
    yield both("paK.area", ours["paK"]["area"], theirs["paK"]["area"])
    for k, f1 in ours["paK"]["f1At"].items():
        yield both(f"paK.f1At.{k}", f1, theirs["paK"]["f1At"][k])
    for key in ("precision", "recall"):
        yield both(f"range.{key}", ours["range"][key], theirs["range"][0][key])
    yield both("event.compositeF1", ours["event"]["compositeF1"], theirs["compositeF1"])
    for key in ("roc", "pr"):
        yield both(f"vus.{key}", ours["vus"][key], theirs["vus"][0][key])
    for key in ("precision", "recall"):
        yield both(f"affiliation.{key}", ours["affiliation"][key], theirs["affiliation"][key])
    for key in ("standard", "lowFp", "lowFn"):
        yield both(f"nab.{key}", ours["nab"][key], theirs["nab"][key])


def main(command):
    y, s = series()
    with tempfile.TemporaryDirectory() as folder:
        scores, labels = Path(folder, "scores.csv"), Path(folder, "labels.csv")
        scores.write_text("index,score\n" + "".join(f"{i},{value!r}\n" for i, value in enumerate(s.tolist())))
        labels.write_text("index,label\n" + "".join(f"{i},{value}\n" for i, value in enumerate(y.tolist())))
        begun = time.time()
        out = subprocess.run(
            [*shlex.split(command), "evaluate", "--scores", scores, "--labels", labels, "--threshold", str(THRESHOLD), "--buffer", str(BUFFER), "--json"],
            check=True, capture_output=True, text=True,
        )
        took = time.time() - begun
    ours = json.loads(out.stdout)
    begun = time.time()
    theirs = named(y, s, THRESHOLD, buffers=(BUFFER,), ranges=((0.2, "flat"),), nab=nab_fast)
    theirs_took = time.time() - begun
    table = list(rows_of(ours, theirs))
    worst = max(difference for *_, difference in table)
    lines = [
        "# 200,000 scores: `faultline evaluate` beside named public implementations",
        "",
        f"Written by `evaluate_200k.py`, seed {SEED}, {int(y.sum())} anomalous rows in {len(np.flatnonzero(np.diff(np.r_[0, y]) == 1))} events,",
        f"threshold {THRESHOLD}, buffer {BUFFER}. Which implementation stands behind which metric, and which of their defects are worked round,",
        "is in `metrics_named.py`. NAB is normalised to 100.",
        "",
        f"Largest difference: {worst:.1e}.",
        f"The command, start of the program and reading of both files included, took {took:.1f} s; the public implementations {theirs_took:.0f} s.",
        "",
        "| figure | faultline | named implementation | difference |",
        "|---|---|---|---|",
        *(f"| {name} | {a:.12f} | {b:.12f} | {difference:.1e} |" for name, a, b, difference in table),
        "",
    ]
    Path(__file__).with_name("evaluate-200k.md").write_text("\n".join(lines))
    print("\n".join(lines))
    return 0 if worst < 1e-9 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "node out/main/cli.js"))
