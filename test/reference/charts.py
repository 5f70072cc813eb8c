"""Expected numbers of src/core/detectors/control-charts/control-charts.test.ts, in NumPy 2.4.6 and SciPy 1.17.1.

python -m venv env && env/bin/pip install numpy==2.4.6 scipy==1.17.1 && env/bin/python charts.py

Average run lengths by integral equations with Gauss-Legendre nodes (Goel and Wu 1971; Crowder 1987; Rigdon 1995) here, by chains of states in the
product; statistics of several tags with the inverse covariance here, with whitened errors there.
"""
import json
import numpy as np
from scipy.stats import chi2, ncx2, norm

NODES = 120


def nodes(low, high):
    x, w = np.polynomial.legendre.leggauss(NODES)
    return (high - low) / 2 * x + (high + low) / 2, (high - low) / 2 * w


def ewma(lam, limit):
    h = limit * np.sqrt(lam / (2 - lam))
    x, w = nodes(-h, h)
    kernel = norm.pdf((x[None, :] - (1 - lam) * x[:, None]) / lam) / lam * w
    lengths = np.linalg.solve(np.eye(NODES) - kernel, np.ones(NODES))
    return float(1 + (norm.pdf(x / lam) / lam * w) @ lengths)


def one_sided(density, at_zero, h):
    """Chain on [0, h] with an atom at 0: density(y, x) of the next value, at_zero(x) its probability to be 0."""
    x, w = nodes(0, h)
    points = np.concatenate([[0.0], x])
    kernel = np.concatenate([at_zero(points)[:, None], density(x[None, :], points[:, None]) * w], axis=1)
    return float(np.linalg.solve(np.eye(NODES + 1) - kernel, np.ones(NODES + 1))[0])


def cusum(k, h):
    return one_sided(lambda y, x: norm.pdf(y - x + k), lambda x: norm.cdf(k - x), h)


def mewma(lam, tags, limit):
    """limit: h4 of the literature, on T^2."""
    h = np.sqrt(limit * lam / (2 - lam))
    density = lambda y, x: ncx2.pdf((y / lam) ** 2, tags, np.maximum(((1 - lam) * x / lam) ** 2, 1e-12)) * 2 * y / lam**2
    return one_sided(density, lambda x: 0 * x, h)


def mcusum(k, tags, h):
    density = lambda y, x: ncx2.pdf((y + k) ** 2, tags, np.maximum(x * x, 1e-12)) * 2 * (y + k)
    return one_sided(density, lambda x: ncx2.cdf(k * k, tags, np.maximum(x * x, 1e-12)), h)


def statistics(seed, tags, rows, lam, k):
    random = np.random.RandomState(seed)
    mixing = random.standard_normal((tags, tags)) + np.eye(tags)
    covariance = mixing @ mixing.T
    scale = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scale, scale)
    errors = np.round(random.standard_normal((rows, tags)) @ np.linalg.cholesky(correlation).T + 0.4, 4)
    precision = np.linalg.inv(correlation)
    z, s = np.zeros(tags), np.zeros(tags)
    out = {'ewma': [], 'cusum': [], 'parts': []}
    for e in errors:
        z = (1 - lam) * z + lam * e
        out['ewma'].append(float(np.sqrt(z @ precision @ z)))
        # What z' P z loses at most when one tag is set free.
        out['parts'].append([float((precision[j] @ z) ** 2 / precision[j, j]) for j in range(tags)])
        c = np.sqrt((s + e) @ precision @ (s + e))
        s = (s + e) * (1 - k / c) if c > k else np.zeros(tags)
        out['cusum'].append(float(np.sqrt(s @ precision @ s)))
    return {'tags': tags, 'lambda': lam, 'k': k, 'correlation': correlation.ravel().tolist(), 'errors': errors.tolist(), **out}


chi = [(0.5, 1, 0), (3.2, 4, 0), (60, 52, 0), (0.01, 3, 2.5), (12, 2, 9), (400, 52, 300), (700, 10, 640), (5300, 200, 5000), (90, 4, 150)]
result = {
    'chiSquare': [[x, df, nc, float(ncx2.cdf(x, df, nc) if nc else chi2.cdf(x, df))] for x, df, nc in chi],
    'ewma': [[lam, limit, ewma(lam, limit)] for lam, limit in [(0.05, 2.615), (0.1, 2.814), (0.2, 2.962), (0.4, 3.054), (0.75, 3.0), (0.1, 3.9)]],
    'cusum': [[k, h, cusum(k, h)] for k, h in [(0.25, 8.01), (0.5, 4), (0.5, 5), (1, 2.52), (1.5, 1.61), (0.5, 8)]],
    'mewma': [[lam, tags, h4, mewma(lam, tags, h4)] for lam, tags, h4 in [(0.1, 2, 8.64), (0.2, 4, 13.87), (0.1, 10, 22.67), (0.3, 1, 8.5)]],
    'mcusum': [[k, tags, h, mcusum(k, tags, h)] for k, tags, h in [(0.5, 2, 5.5), (0.5, 5, 9.46), (0.5, 10, 14.9), (0.5, 52, 59.5)]],
    'statistics': [statistics(3, 3, 40, 0.2, 0.5), statistics(4, 1, 20, 0.1, 0.25)],
}
with open('charts.json', 'w') as file:
    json.dump(result, file)
for key in ('ewma', 'cusum', 'mewma', 'mcusum', 'chiSquare'):
    print(key, *result[key], sep='\n  ')
