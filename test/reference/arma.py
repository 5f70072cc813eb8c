"""Expected numbers of src/core/detectors/arma/arma.test.ts from statsmodels. Versions: requirements-networks.txt.

Usage: python arma.py  (writes arma.json beside this file)

`exact`: log likelihood, one-step forecasts and their variances of statsmodels' state space ARIMA (trend "c": a constant mean) at given
parameters. `estimates`: its maximum likelihood estimates and AIC. `orders`: AIC of each order of a small grid on a simulated ARMA(2, 1).
"""
import json
from pathlib import Path

import numpy as np
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.arima_process import arma_generate_sample


def simulate(ar, ma, n, mean, seed):
    """Rounded to 5 digits, so that the JSON holds the very numbers that were used."""
    rng = np.random.default_rng(seed)
    noise = lambda size: rng.standard_normal(size)
    y = mean + arma_generate_sample(np.r_[1, -np.array(ar)], np.r_[1, np.array(ma)], n, distrvs=noise, burnin=500)
    return np.round(y, 5)


def model(y, p, q):
    return ARIMA(y, order=(p, 0, q), trend="c")


def exact(name, ar, ma, mean, variance, y, keep=12):
    built = model(y, len(ar), len(ma))
    params = np.r_[mean, ar, ma, variance]
    found = built.filter(params)
    return {
        "name": name, "ar": list(ar), "ma": list(ma), "mean": mean, "variance": variance,
        "logLikelihood": float(built.loglike(params)),
        "forecasts": found.forecasts[0][:keep].tolist(),
        "variances": (found.forecasts_error_cov[0, 0][:keep] / variance).tolist(),
    }


def estimates(y, p, q):
    fit = model(y, p, q).fit(method_kwargs={"maxiter": 500})
    return {
        "p": p, "q": q, "mean": float(fit.params[0]), "ar": fit.arparams.tolist(), "ma": fit.maparams.tolist(),
        "variance": float(fit.params[-1]), "logLikelihood": float(fit.llf), "aic": float(fit.aic),
    }


y = simulate([1.2, -0.5], [0.6], 400, 2.0, 1)
cases = [
    exact("white noise", [], [], 1.9, 6.0, y),
    exact("AR(1)", [0.8], [], 2.0, 1.5, y),
    exact("MA(1)", [], [0.7], 2.0, 2.0, y),
    exact("MA(2) without a first lag", [], [0.0, -0.4], 2.1, 3.0, y),
    exact("ARMA(2, 1)", [1.2, -0.5], [0.6], 2.0, 1.0, y),
    exact("ARMA(3, 2)", [0.9, -0.3, 0.1], [0.4, -0.2], 1.5, 1.3, y),
    exact("AR(1) near a unit root", [0.999], [], 2.0, 1.0, y),
    exact("MA(1) near the border of invertibility", [0.5], [-0.995], 2.0, 1.7, y),
]
orders = [{"p": p, "q": q, "aic": estimates(y, p, q)["aic"]} for p in range(3) for q in range(3)]
result = {"y": y.tolist(), "exact": cases, "estimates": [estimates(y, *o) for o in [(1, 0), (2, 0), (1, 1), (2, 1)]], "orders": orders}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
