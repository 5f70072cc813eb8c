"""Reference values of the metrics from named public implementations; writes metrics-named.json beside this file.

Run with Python 3.11 in an environment of its own. TSB-AD asks for heavy libraries that the part used here never touches, hence --no-deps:

    pip install --no-deps TSB-AD==1.5 tadpak==0.3.3 prts==1.0.0.3
    pip install numpy==1.26.4 scikit-learn==1.9.1 dtaianomaly==0.5.1
    python test/reference/metrics_named.py

| metric | implementation |
|---|---|
| precision, recall, F1, AUC-ROC, average precision | scikit-learn |
| PA | dtaianomaly, and TSB-AD as a second opinion |
| PA%K | tadpak |
| range-based | prts (what TimeEval calls), and TSB-AD where the bias is flat |
| composite event F1, VUS, affiliation | TSB-AD (its affiliation code is that of the paper's authors) |
| NAB | no package on PyPI has the benchmark's score (tsad has another sigmoid); `nab` below follows nab/sweeper.py of numenta/NAB |

Where an implementation has a known defect the series is padded or the argument repaired, and a comment names the trap.
"""
import json
import math
from fractions import Fraction

import numpy as np
from prts import ts_precision, ts_recall
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score, roc_auc_score
from tadpak.pak import pak
from TSB_AD.evaluation.affiliation.generics import convert_vector_to_events
from TSB_AD.evaluation.affiliation.metrics import pr_from_events
from TSB_AD.evaluation.basic_metrics import basic_metricor


def point_adjusted(y, p):
    """TSB-AD's adjusted prediction. Trap: it looks back with range(i, 0, -1) and never repairs index 0, so one row is put in front."""
    padded = basic_metricor()._adjust_predicts(np.r_[0.0, p], np.r_[0, y], pred=np.r_[0, p].astype(bool))
    return np.asarray(padded[1:], int)


def pa_k(y, p, k):
    """tadpak's adjusted prediction. Trap: it compares with k / 100 * length in floats, where 29 / 100 * 100 is below 29: k is a fraction.
    Trap: its threshold is strict, so the 0/1 prediction is handed in as the score. Its default K is 20 in one file and 0 in another."""
    return np.asarray(pak(p.astype(float), y, 0.5, Fraction(k)), int)


def composite(y, p):
    """Trap: TSB-AD's _get_events ends a trailing event one row early, a trailing event of one row is empty: one row is put behind."""
    return float(basic_metricor().metric_EventF1PA(np.r_[y, 0], None, preds=np.r_[p, 0]))


def range_based(y, p, alpha, bias):
    """prts with reciprocal cardinality. TSB-AD has the same numbers for the flat bias only. Trap: its other biases use the row number in
    the series. Trap: TimeEval's RangeFScore passes the bias of precision for recall, so it is not used."""
    recall = ts_recall(y, p, alpha=alpha, cardinality="reciprocal", bias=bias)
    precision = ts_precision(y, p, alpha=0.0, cardinality="reciprocal", bias=bias)
    if bias == "flat":
        # Trap: TSB-AD finds no range at all in a column of ones; a normal row on either side changes nothing else.
        padded = np.r_[0, y, 0], np.r_[0, p, 0]
        other = basic_metricor().range_recall_new(*padded, alpha)[0], basic_metricor().range_recall_new(*padded[::-1], 0)[0]
        assert abs(recall - other[0]) < 1e-12 and abs(precision - other[1]) < 1e-12
    return {"alpha": alpha, "bias": bias, "precision": float(precision), "recall": float(recall)}


def vus(y, s, length):
    """Trap: metric_VUS_pred of the same class softens already softened labels again at each buffer; it is not used."""
    *_, roc, pr = basic_metricor().RangeAUC_volume_opt(y, s, length)
    return {"buffer": length, "roc": float(roc), "pr": float(pr)}


def affiliation(y, p):
    """Trap: adjoining events are refused; events made of a 0/1 column never adjoin."""
    found = pr_from_events(convert_vector_to_events(p), convert_vector_to_events(y), (0, len(y)))
    precision = found["Affiliation_Precision"]
    return {"precision": None if math.isnan(precision) else float(precision), "recall": float(found["Affiliation_Recall"])}


def nab(y, p, tp, fp, fn):
    """Normalised score of one series, rows one by one, after nab/sweeper.py. Trap: a window of one row divides by zero there; a width of
    at least 2 is taken for the distance behind a window."""
    sigma = lambda x: -1.0 if x >= 3 else 2 / (1 + math.exp(5 * x)) - 1
    n = len(y)
    probation = min(math.floor(0.15 * n), 0.15 * 5000)
    windows = [(a, b - 1) for a, b in convert_vector_to_events(y)]
    parts, false = {}, 0.0
    for i in range(n):
        if i < probation:
            continue
        inside = next((w for w in windows if w[0] <= i <= w[1]), None)
        if inside:
            parts.setdefault(inside, -fn)
            width = inside[1] - inside[0] + 1
            if p[i]:
                parts[inside] = max(parts[inside], tp * sigma(-(inside[1] - i + 1) / width) / sigma(-1))
        elif p[i]:
            before = [w for w in windows if w[1] < i]
            x = 3.0 if not before else (i - before[-1][1]) / max(1, before[-1][1] - before[-1][0])
            false += fp * sigma(x)
    nothing = -fn * len(parts)
    return 100 * (sum(parts.values()) + false - nothing) / (tp * len(parts) - nothing)


def nab_fast(y, p, tp, fp, fn):
    """The same for long series: the window of each row is found once."""
    windows = [(a, b - 1) for a, b in convert_vector_to_events(y)]
    keep = np.zeros(len(y), int)
    keep[np.flatnonzero(p)] = 1
    sigma = lambda x: -1.0 if x >= 3 else 2 / (1 + math.exp(5 * x)) - 1
    probation = min(math.floor(0.15 * len(y)), 750)
    ends = np.array([b for _, b in windows])
    total, judged = 0.0, 0
    for a, b in windows:
        if b < probation:
            continue
        judged += 1
        rows = [i for i in np.flatnonzero(keep[a : b + 1]) + a if i >= probation]
        total += max((tp * sigma(-(b - i + 1) / (b - a + 1)) / sigma(-1) for i in rows), default=-fn)
    for i in np.flatnonzero(keep & (y == 0)):
        if i < probation:
            continue
        k = np.searchsorted(ends, i) - 1
        x = 3.0 if k < 0 else (i - windows[k][1]) / max(1, windows[k][1] - windows[k][0])
        total += fp * sigma(x)
    nothing = -fn * judged
    return 100 * (total - nothing) / (tp * judged - nothing)


def named(y, s, theta, buffers=(0, 1, 7, 60), ranges=tuple((a, b) for a in (0.0, 0.2, 0.5) for b in ("flat", "front", "middle", "back")), nab=nab):
    y = np.asarray(y, int)
    p = (s >= theta).astype(int)
    adjusted = point_adjusted(y, p)
    from dtaianomaly.evaluation import PointAdjustedPrecision, PointAdjustedRecall

    assert abs(PointAdjustedPrecision().compute(y, p) - precision_score(y, adjusted)) < 1e-12
    assert abs(PointAdjustedRecall().compute(y, p) - recall_score(y, adjusted)) < 1e-12
    curve = [float(f1_score(y, pa_k(y, p, k))) for k in range(101)]
    assert abs(curve[0] - f1_score(y, adjusted)) < 1e-12 and abs(curve[100] - f1_score(y, p)) < 1e-12
    return {
        "point": {"precision": float(precision_score(y, p)), "recall": float(recall_score(y, p)), "f1": float(f1_score(y, p)),
                  "aucRoc": float(roc_auc_score(y, s)), "aucPr": float(average_precision_score(y, s))},
        "pointAdjusted": {"precision": float(precision_score(y, adjusted)), "recall": float(recall_score(y, adjusted)), "f1": float(f1_score(y, adjusted))},
        "paK": {"area": float(np.sum((np.array(curve[1:]) + np.array(curve[:-1])) / 2) / 100), "f1At": {str(k): curve[k] for k in (10, 20, 29, 50, 57, 80)}},
        "range": [range_based(y, p, alpha, bias) for alpha, bias in ranges],
        "compositeF1": composite(y, p),
        "affiliation": affiliation(y, p),
        "vus": [vus(y, s, length) for length in buffers],
        "nab": {name: nab(y, p, *weights) for name, weights in (("standard", (1, 0.11, 1)), ("lowFp", (1, 0.22, 1)), ("lowFn", (1, 0.11, 2)))},
    }


def series(seed, n, spans, decimals, scale=1.0, shift=1.5):
    rng = np.random.default_rng(seed)
    y = np.zeros(n, int)
    for a, b in spans:
        y[a:b] = 1
    return y, np.round(scale * (rng.normal(size=n) + shift * np.roll(y, 2)), decimals)


cases = {
    "events at the start and at the end": (*series(1, 400, [(0, 12), (150, 190), (380, 400)], 3), 1.2),
    "one row at the start and one at the end": (*series(2, 300, [(0, 1), (120, 121), (299, 300)], 3, shift=3), 1.5),
    "one normal row between events": (*series(3, 400, [(60, 70), (71, 80), (81, 100), (200, 201), (202, 230)], 3), 1.0),
    "ties": (*series(4, 400, [(80, 120), (250, 300)], 0), 1.0),
    "many short events": (*series(5, 600, [(i, i + 1 + i % 5) for i in range(20, 590, 13)], 3), 1.3),
    "everything predicted": (*series(6, 250, [(50, 60), (180, 220)], 3), -100.0),
    "a hundred rows, 29 of them predicted": (np.r_[np.zeros(60, int), np.ones(100, int), np.zeros(60, int)], np.r_[np.zeros(60), np.ones(29), np.zeros(131)] + np.arange(220) * 1e-4, 0.9),
    "large and negative scores": (*series(8, 400, [(30, 60), (300, 310)], 1, scale=-1e6, shift=-2), 1.5e6),
}


if __name__ == "__main__":
    out = []
    for name, (y, s, theta) in cases.items():
        out.append({"name": name, "truth": "".join(map(str, y)), "score": s.tolist(), "threshold": theta, "expected": named(y, s, theta)})
    with open(__file__.replace("metrics_named.py", "metrics-named.json"), "w") as f:
        json.dump(out, f, separators=(",", ":"))
        f.write("\n")
    print(f"{len(out)} series")
