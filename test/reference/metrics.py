"""Expected numbers of src/core/metrics/rank.test.ts, computed the slow and literal way. Needs numpy and scikit-learn.

AUC-ROC and average precision are scikit-learn's. VUS follows the definition term by term (soft labels, buffers, 250 thresholds),
without any of the shortcuts of the product's code.
"""
import json
import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score


def segments(y):
    edges = np.flatnonzero(np.diff(np.r_[0, y, 0]))
    return [(a, b - 1) for a, b in edges.reshape(-1, 2)]


def vus(y, s, length):
    n = len(y)
    order = np.sort(s)[::-1]
    thetas = order[np.floor(np.linspace(0, n - 1, 250)).astype(int)]
    rocs, prs = [], []
    for l in range(length + 1):
        half = l // 2
        soft = y.astype(float)
        for a, b in segments(y):
            for d in range(1, half + 1):
                for x in (a - d, b + d):
                    if 0 <= x < n:
                        soft[x] += np.sqrt(1 - d / l)
        soft = np.minimum(soft, 1)
        merged = []
        for a, b in segments(y):
            a, b = max(0, a - half), min(n - 1, b + half)
            if merged and a <= merged[-1][1]:
                merged[-1][1] = b
            else:
                merged.append([a, b])
        roc, pr = [(0.0, 0.0)], []
        before = 0.0
        for theta in thetas:
            p = s >= theta
            tp = (p * soft).sum()
            b = (p * soft * (y == 0)).sum()
            positives = y.sum() + b / 2
            found = np.mean([p[a : e + 1].any() for a, e in merged])
            tpr = min(tp / positives, 1) * found
            roc.append(((p.sum() - tp) / (n - positives), tpr))
            pr.append((tpr - before) * tp / p.sum())
            before = tpr
        roc.append((1.0, 1.0))
        x, t = np.array(roc).T
        rocs.append(np.sum(np.diff(x) * (t[1:] + t[:-1]) / 2))
        prs.append(sum(pr))
    return float(np.mean(rocs)), float(np.mean(prs))


n = 400
i = np.arange(n)
truth = (((i >= 40) & (i < 52)) | ((i >= 60) & (i < 61)) | ((i >= 200) & (i < 260)) | (i >= 390)).astype(int)
score = np.round(1 + 0.7 * np.sin(i * 1.7) + 0.5 * np.cos(i * i * 0.3) + 0.9 * np.roll(truth, 3), 2)
result = {"truth": truth.tolist(), "score": score.tolist(), "aucRoc": roc_auc_score(truth, score), "averagePrecision": average_precision_score(truth, score)}
for length in (0, 5, 30, 100):
    roc, pr = vus(truth, score.astype(np.float32), length)
    result[f"vusRoc{length}"], result[f"vusPr{length}"] = roc, pr
# Vector B of the design's metrics.md, as a check of this script.
yb = np.zeros(20, int); yb[5:9] = 1; yb[15:17] = 1
sb = np.array([.1, .1, .2, .1, .3, .2, .9, .8, .1, .7, .1, .1, .2, .1, .1, .4, .6, .5, .1, .1])
for length, roc, pr in ((0, .791667, .661111), (2, .847736, .740490), (4, .899172, .819962)):
    got = vus(yb, sb, length)
    assert abs(got[0] - roc) < 1e-6 and abs(got[1] - pr) < 1e-6, (length, got)
with open(__file__.replace(".py", ".json"), "w") as f:
    json.dump(result, f)
    f.write("\n")
print({k: v for k, v in result.items() if k not in ("truth", "score")})
