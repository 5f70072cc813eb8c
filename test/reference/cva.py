"""Expected numbers of src/core/detectors/cva/cva.test.ts: canonical variate analysis in NumPy 2.4.6, by its textbook steps.

python -m venv env && env/bin/pip install numpy==2.4.6 scipy==1.17.1 && env/bin/python cva.py

Symmetric roots and a singular value decomposition here, Cholesky factors and an eigenvalue problem in the product; the errors of the
number of states by least squares here, by changes of rank one there.
"""
import json
import numpy as np
from scipy.stats import f, norm

CONFIDENCE = 0.99


def root(matrix, power):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag(values ** power) @ vectors.T


def case(name, seed, n, c, lags, ahead, shrinkage):
    random = np.random.RandomState(seed)
    hidden, x = np.zeros(2), []
    mixing = random.standard_normal((2, c))
    for _ in range(n):
        hidden = np.array([[0.9, 0.2], [-0.2, 0.8]]) @ hidden + random.standard_normal(2)
        x.append(hidden @ mixing + 0.7 * random.standard_normal(c))
    x = np.array(x).astype(np.float32).astype(np.float64)
    windows = np.array([x[i:i + lags + ahead].ravel() for i in range(n - lags - ahead + 1)])
    N, d, e = len(windows), lags * c, ahead * c
    test = (windows[:12, :d] * 1.5 + random.standard_normal((12, d))).astype(np.float32).astype(np.float64)
    mean, scale = windows.mean(0), windows.std(0)
    joint = np.cov(((windows - mean) / scale).T)
    joint = (1 - shrinkage) * joint + shrinkage * np.eye(d + e)
    pp, ff, pf = joint[:d, :d], joint[d:, d:], joint[:d, d:]
    u, s, _ = np.linalg.svd(root(pp, -0.5) @ pf @ root(ff, -0.5))
    r = min(d, e)
    j = u.T @ root(pp, -0.5)
    criterion = []
    for k in range(1, r + 1):
        states = j[:k]
        cross = states @ pf[:, :c]
        errors = ff[:c, :c] - cross.T @ np.linalg.solve(states @ pp @ states.T, cross)
        numbers = 2 * k * c + c * (c + 1) / 2
        room = N - (numbers / c + (c + 1) / 2)
        criterion.append(N * np.linalg.slogdet(errors)[1] + 2 * numbers * N / room if room > 0 else np.inf)
    k = int(np.argmin(criterion)) + 1
    z = (test - mean[:d]) / scale[:d]
    t2s = np.sum((z @ j[:k].T) ** 2, axis=1)
    t2r = np.sum((z @ j[k:].T) ** 2, axis=1)
    residual = z - z @ j[:k].T @ j[:k]
    left = np.eye(d) - j[:k].T @ j[:k]
    spread = np.linalg.eigvalsh(left @ pp @ left.T)
    t1, t2, t3 = (np.sum(spread ** p) for p in (1, 2, 3))
    h = 1 - 2 * t1 * t3 / (3 * t2 ** 2)
    q_limit = t1 * (norm.ppf(CONFIDENCE) * np.sqrt(2 * t2 * h * h) / t1 + 1 + t2 * h * (h - 1) / t1 ** 2) ** (1 / h)

    def limit(a):
        return a * (N * N - 1) / (N * (N - a)) * f.ppf(CONFIDENCE, a, N - a)

    share = np.cumsum(s[:r] ** 2) / np.sum(s[:r] ** 2)
    return {
        "name": name, "channels": c, "lags": lags, "ahead": ahead, "shrinkage": shrinkage, "confidence": CONFIDENCE,
        "windows": windows.ravel().tolist(), "test": test.ravel().tolist(),
        "correlations": s[:r].tolist(), "criterion": k, "byShare": int(np.argmax(share >= 0.9)) + 1,
        "states": t2s.tolist(), "residual": t2r.tolist(), "q": np.sum(residual ** 2, axis=1).tolist(),
        "limits": {"states": limit(k), "residual": limit(d - k), "q": q_limit},
    }


out = {"cases": [
    case("3 tags, 4 rows and 4 ahead", 1, 150, 3, 4, 4, 0.01),
    case("4 tags, 3 rows and 2 ahead, shrunk", 2, 120, 4, 3, 2, 0.1),
]}
for c in out["cases"]:
    print(c["criterion"], c["byShare"], c["limits"], np.round(c["correlations"], 3))
with open(__file__.replace(".py", ".json"), "w") as file:
    json.dump(out, file)
    file.write("\n")
