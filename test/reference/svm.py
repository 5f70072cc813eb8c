"""Expected numbers of src/core/detectors/oc-svm/oc-svm.test.ts, from scikit-learn 1.9.1 (libsvm) and NumPy 2.4.6.

python -m venv env && env/bin/pip install scikit-learn==1.9.1 numpy==2.4.6 && env/bin/python svm.py

Inputs are float32 values taken as float64. `exact` is the solution at a tolerance of 1e-9: what both approximate. The last case has
decision values so close together that libsvm's default tolerance would be a sixtieth of their range.
"""
import json
import numpy as np
from sklearn.kernel_approximation import Nystroem
from sklearn.svm import OneClassSVM


def case(name, seed, n, d, **params):
    random = np.random.RandomState(seed)
    # Two normal states of different spread, and test rows of both and between.
    state = random.randint(0, 2, n)
    train = (random.standard_normal((n, d)) * np.where(state, 1.0, 0.4)[:, None] + 3 * state[:, None]).astype(np.float32).astype(np.float64)
    test = (random.uniform(-3, 7, (40, d)) * 0.5 + 1).astype(np.float32).astype(np.float64)
    test[:10] = train[:10] + 0.05
    test = test.astype(np.float32).astype(np.float64)
    model = OneClassSVM(**params).fit(train)
    exact = OneClassSVM(**{**params, "tol": 1e-9}).fit(train)
    return {
        "name": name, "d": d, "nu": params["nu"], "gamma": 0 if params["gamma"] == "scale" else params["gamma"],
        "train": train.ravel().tolist(), "test": test.ravel().tolist(),
        "scale": float(model._gamma), "decision": model.decision_function(test).tolist(),
        "rho": float(model.offset_[0]), "support": int(model.n_support_[0]),
        "exact": exact.decision_function(test).tolist(),
    }


def nystroem(seed, n, d, nu, gamma, count):
    """One-class SVM that is linear in the features of scikit-learn's Nystroem, at a tolerance that leaves no doubt; of the scale Σα = 1."""
    random = np.random.RandomState(seed)
    state = random.randint(0, 2, n)
    train = (random.standard_normal((n, d)) * np.where(state, 1.0, 0.4)[:, None] + 3 * state[:, None]).astype(np.float32).astype(np.float64)
    test = (train[:40] + random.uniform(-2, 2, (40, d))).astype(np.float32).astype(np.float64)
    features = Nystroem(gamma=gamma, n_components=count, random_state=seed).fit(train)
    model = OneClassSVM(kernel="linear", nu=nu, tol=1e-9).fit(features.transform(train))
    return {
        "d": d, "nu": nu, "gamma": gamma, "landmarks": features.component_indices_.tolist(),
        "train": train.ravel().tolist(), "test": test.ravel().tolist(),
        "decision": (model.decision_function(features.transform(test)) / (nu * n)).tolist(),
        "rho": float(model.offset_[0] / (nu * n)),
    }


out = {"nystroem": nystroem(4, 400, 3, 0.1, 0.2, 40), "cases": [
    case("3 columns, scale", 1, 400, 3, nu=0.05, gamma="scale"),
    case("8 columns, local", 2, 300, 8, nu=0.2, gamma=0.5),
    case("2 columns, nearly none outside", 3, 150, 2, nu=0.01, gamma="scale", tol=1e-6),
]}
with open(__file__.replace(".py", ".json"), "w") as file:
    json.dump(out, file)
    file.write("\n")
