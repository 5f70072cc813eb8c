"""Expected numbers of src/core/detectors/classical.test.ts, from PyOD 3.6.7, scikit-learn 1.9.1, SciPy 1.17.1 and NumPy 2.4.6.

python -m venv env && env/bin/pip install pyod==3.6.7 scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 && env/bin/python classical.py

Inputs are float32 values taken as float64: the product keeps float32 and calculates in float64. Neighbours are searched with a tree,
because the brute force of scikit-learn takes |a|^2 + |b|^2 - 2ab, which loses digits.
"""
import json
import numpy as np
from pyod.models.knn import KNN
from pyod.models.pca import PCA as PyodPCA
from scipy.stats import f, norm
from sklearn.covariance import ShrunkCovariance
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import LocalOutlierFactor
from sklearn.preprocessing import StandardScaler

CONFIDENCE = 0.99


def rows(random, mixing, count, d):
    hidden = random.standard_normal((count, mixing.shape[0]))
    values = hidden @ mixing + 0.3 * random.standard_normal((count, d)) + np.arange(d)
    return values.astype(np.float32).astype(np.float64)


def q_limit(residual):
    t1, t2, t3 = (np.sum(residual ** power) for power in (1, 2, 3))
    h = 1 - 2 * t1 * t3 / (3 * t2 ** 2)
    c = norm.ppf(CONFIDENCE)
    return t1 * (c * np.sqrt(2 * t2 * h * h) / t1 + 1 + t2 * h * (h - 1) / t1 ** 2) ** (1 / h)


def principal(train, test, kept, with_std):
    """Of columns that are centred, and divided by their standard deviation or not; PyOD does not centre what it does not divide."""
    n = len(train)
    scaler = StandardScaler(with_std=with_std).fit(train)
    x, y = scaler.transform(train), scaler.transform(test)
    pca = PCA(svd_solver="full").fit(x)
    scores = (y - pca.mean_) @ pca.components_.T
    variances = pca.explained_variance_
    rebuilt = scores[:, :kept] @ pca.components_[:kept]
    pyod = PyodPCA(svd_solver="full", standardization=with_std)
    weighted = pyod.fit(train).decision_function(test) if with_std else pyod.fit(x).decision_function(y)
    return {
        "variances": variances.tolist(),
        "components": pca.components_.ravel().tolist(),
        "t2": np.sum(scores[:, :kept] ** 2 / variances[:kept], axis=1).tolist(),
        "q": np.sum((y - rebuilt) ** 2, axis=1).tolist(),
        "weighted": weighted.tolist(),
        "rebuilt": scaler.inverse_transform(rebuilt).ravel().tolist(),
        "t2Limit": kept * (n * n - 1) / (n * (n - kept)) * f.ppf(CONFIDENCE, kept, n - kept),
        "qLimit": q_limit(variances[kept:]),
    }


def case(name, seed, n, d, kept):
    random = np.random.RandomState(seed)
    mixing = random.standard_normal((3, d))
    train, test = rows(random, mixing, n, d), rows(random, mixing, 25, d)
    test[::5] += 4 * random.standard_normal((5, d)).astype(np.float32)
    test = test.astype(np.float32).astype(np.float64)

    knn = {
        method: KNN(n_neighbors=6, method=method, algorithm="ball_tree").fit(train).decision_function(test).tolist()
        for method in ("largest", "mean", "median")
    }
    lof = LocalOutlierFactor(n_neighbors=20, novelty=True, algorithm="kd_tree").fit(train)

    return {
        "name": name, "d": d, "kept": kept, "confidence": CONFIDENCE,
        "train": train.ravel().tolist(), "test": test.ravel().tolist(),
        "knn": knn,
        "lof": (-lof.score_samples(test)).tolist(),
        "pca": principal(train, test, kept, with_std=True),
        "covariancePca": principal(train, test, kept, with_std=False),
        "mahalanobis": np.sqrt(ShrunkCovariance(shrinkage=0.1).fit(train).mahalanobis(test)).tolist(),
    }


def forest(seed):
    """A forest of 1,000 trees, so that its own chance is small. Inputs have three decimals, then float32."""
    random = np.random.RandomState(seed)
    mixing = random.standard_normal((2, 4))
    train, test = (np.round(rows(random, mixing, n, 4), 3) for n in (500, 300))
    label = np.arange(300) % 6 == 0
    test[label] += np.round(1.5 * random.standard_normal((label.sum(), 4)), 3)
    test = np.round(test, 3)
    model = IsolationForest(n_estimators=1000, max_samples=256, random_state=1).fit(train.astype(np.float32))
    scores = -model.score_samples(test.astype(np.float32))
    return {
        "d": 4, "train": train.ravel().tolist(), "test": test.ravel().tolist(), "label": label.astype(int).tolist(),
        "scores": np.round(scores, 6).tolist(), "auc": roc_auc_score(label, scores),
    }


out = {
    "forest": forest(9),
    "cases": [case("4 columns", 7, 150, 4, 2), case("21 columns", 8, 90, 21, 5)],
    "fisher": [[p, d1, d2, f.ppf(p, d1, d2)] for p, d1, d2 in ((0.99, 11, 489), (0.95, 1, 20), (0.999, 60, 61), (0.9, 3, 100000))],
    "normal": [[p, norm.ppf(p)] for p in (0.9, 0.99, 0.9999)],
}
with open(__file__.replace(".py", ".json"), "w") as file:
    json.dump(out, file)
    file.write("\n")
