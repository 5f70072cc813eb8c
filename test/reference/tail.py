"""Expected numbers of src/core/thresholds/tail.test.ts. Needs numpy and scipy; run by hand, its output is committed in tail.json.

The sample is a fixed sequence (no random generator that may change between versions): y_i = F^-1((i - 0.5) / n) of a generalised
Pareto distribution, disturbed by sin(i), so that the fit is not exact.
"""
import json
import numpy as np
from scipy.stats import genpareto

out = []
for shape, scale, n in [(0.2, 1.5, 200), (-0.2, 0.7, 120), (0.0, 2.0, 80)]:
    i = np.arange(1, n + 1)
    p = (i - 0.5) / n
    y = genpareto.ppf(p, shape, scale=scale) * (1 + 0.1 * np.sin(i))
    best = max(
        (genpareto.fit(y, s0, floc=0, scale=y.mean()) for s0 in (-0.3, 0.0, 0.1, 0.4)),
        key=lambda fit: genpareto.logpdf(y, *fit).sum(),
    )
    out.append({
        "shape": shape, "scale": scale, "n": n,
        "excesses": [round(float(v), 12) for v in y],
        "fitShape": float(best[0]), "fitScale": float(best[2]),
        "logLikelihood": float(genpareto.logpdf(y, *best).sum()),
    })
with open(__file__.replace(".py", ".json"), "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
for o in out:
    print(o["n"], o["fitShape"], o["fitScale"], o["logLikelihood"])
