"""scikit-learn's side of the comparison as a process: what a user writes for the scores of the rows that were fitted and of new ones.

Run by classical.ts as `python bench/speed/twins/classical.py` with the number of threads as argument. Values are float64, as ours
calculates.
"""

import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors
from sklearn.svm import OneClassSVM

from serve import serve

THREADS = int(sys.argv[1])
TREES = ("kd_tree", "ball_tree")
PILOT_ROWS = 500
PILOT_FIT = 50_000


def knn(request: dict) -> Callable:
    """Distance to the k-th neighbour; the tree that answers some queries sooner, decided before anything is measured."""
    train, new, shape = *halves(request), request["shape"]
    k = shape["neighbours"]
    fit = lambda algorithm: NearestNeighbors(n_neighbors=k, algorithm=algorithm, n_jobs=THREADS).fit(train)
    algorithm = "brute" if shape.get("brute") else faster(TREES, fit, lambda model: model.kneighbors(new[:PILOT_ROWS]))

    def work():
        model = fit(algorithm)
        yield model.kneighbors()[0][:, -1]
        yield model.kneighbors(new)[0][:, -1]

    return job(work, algorithm)


def lof(request: dict) -> Callable:
    train, new, shape = *halves(request), request["shape"]
    k = shape["neighbours"]
    tree = faster(TREES, lambda name: NearestNeighbors(algorithm=name).fit(train), lambda model: model.kneighbors(new[:PILOT_ROWS], k))

    def work():
        model = LocalOutlierFactor(n_neighbors=k, algorithm=tree, novelty=True, n_jobs=THREADS).fit(train)
        yield -model.negative_outlier_factor_
        yield -model.score_samples(new)

    return job(work, tree)


def isolation_forest(request: dict) -> Callable:
    train, new = halves(request)
    shape = request["shape"]

    def work():
        model = IsolationForest(n_estimators=shape["trees"], max_samples=shape["size"], n_jobs=THREADS, random_state=1).fit(train)
        yield -model.score_samples(train)
        yield -model.score_samples(new)

    return job(work)


def pca(request: dict) -> Callable:
    """Square root of Hotelling's T² and Q, each over its mean on the fitted rows, added."""
    train, new = halves(request)
    kept = request["shape"]["components"]
    fit = lambda solver: PCA(n_components=kept, svd_solver=solver).fit(train[:PILOT_FIT])
    solver = faster(("full", "covariance_eigh"), lambda name: name, fit)

    def work():
        mean, scale = train.mean(0), train.std(0)
        model = PCA(n_components=kept, svd_solver=solver).fit((train - mean) / scale)

        def statistics(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            rows = (rows - mean) / scale
            codes = model.transform(rows)
            residual = rows - model.inverse_transform(codes)
            return (codes**2 / model.explained_variance_).sum(1), (residual**2).sum(1)

        t2, q = statistics(train)
        limits = t2.mean(), q.mean()
        yield np.sqrt(t2 / limits[0] + q / limits[1])
        t2, q = statistics(new)
        yield np.sqrt(t2 / limits[0] + q / limits[1])

    return job(work, solver)


def pca_fit(request: dict) -> Callable:
    """All components of standardised columns."""
    train, _ = halves(request)
    fit = lambda solver: PCA(svd_solver=solver).fit((train - train.mean(0)) / train.std(0))
    solver = faster(("full", "covariance_eigh"), lambda name: name, lambda name: PCA(svd_solver=name).fit(train[:PILOT_FIT]))

    def work():
        variances = fit(solver).explained_variance_
        yield variances
        yield variances

    return job(work, solver)


def oc_svm(request: dict) -> Callable:
    """libsvm with as much memory for its kernels as ours has."""
    train, new = halves(request)

    def work():
        model = OneClassSVM(nu=request["shape"]["nu"], gamma="scale", cache_size=128).fit(train)
        yield model.score_samples(train)
        yield model.score_samples(new)

    return job(work)


def self_join(request: dict) -> Callable:
    """STUMPY after its compilation; as far as ours from itself: a window."""
    train, _, stumpy, window = series(request)

    def work():
        profile = stumpy.stump(train, window)[:, 0].astype(float)
        yield profile
        yield profile

    return job(work)


def matrix_profile(request: dict) -> Callable:
    train, new, stumpy, window = series(request)

    def work():
        yield stumpy.stump(train, window)[:, 0].astype(float)
        yield stumpy.stump(new, window, train, ignore_trivial=False)[:, 0].astype(float)

    return job(work)


def series(request: dict) -> tuple:
    """Two series of one tag, and STUMPY, compiled."""
    import numba
    import stumpy

    numba.set_num_threads(THREADS)
    window = request["shape"]["window"]
    train, new = np.fromfile(request["data"], dtype="<f4").astype(np.float64).reshape(2, -1)
    stumpy.config.STUMPY_EXCL_ZONE_DENOM = window / (window - 1)
    stumpy.stump(train[: 10 * window], window)
    stumpy.stump(new[: 10 * window], window, train[: 10 * window], ignore_trivial=False)
    return train, new, stumpy, window


def halves(request: dict) -> tuple[np.ndarray, np.ndarray]:
    """Two series of equal length as windows, one a row."""
    shape = request["shape"]
    channels, window = shape["channels"], shape.get("window", 1)
    values = np.fromfile(request["data"], dtype="<f4").astype(np.float64).reshape(2, -1, channels)
    if window == 1:
        return values[0], values[1]
    return tuple(
        np.lib.stride_tricks.sliding_window_view(half, window, axis=0).transpose(0, 2, 1).reshape(-1, window * channels).copy()
        for half in values
    )


def faster(names: tuple[str, ...], prepare: Callable, work: Callable) -> str:
    def seconds(name: str) -> float:
        prepared = prepare(name)
        begun = time.perf_counter()
        work(prepared)
        return time.perf_counter() - begun

    return min(names, key=seconds)


def job(work: Callable, chosen: str = "") -> Callable:
    """Measures generators of the scores of the fitted rows and of the new ones."""

    def run(pieces: int) -> dict:
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(pieces):
            steps = work()
            next(steps)
            trained = time.perf_counter()
            scores = next(steps)
        end = time.perf_counter()
        return {
            "cpuMs": 1000 * (time.process_time() - cpu) / pieces,
            "wallMs": 1000 * (end - wall) / pieces,
            "chosen": chosen,
            "extra": {
                "scoreMs": 1000 * (end - trained),
                "meanScore": float(scores.mean()),
                "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            },
        }

    return run


JOBS = {
    **{"knn": knn, "lof": lof, "isolation-forest": isolation_forest, "pca": pca, "pca-fit": pca_fit},
    **{"svm-fit": oc_svm, "oc-svm": oc_svm, "self-join": self_join, "matrix-profile": matrix_profile},
}

if __name__ == "__main__":
    stumpy = f", STUMPY {version('stumpy')}" if find_spec("stumpy") else ""
    serve(f"scikit-learn {version('scikit-learn')}, NumPy {version('numpy')}{stumpy}", THREADS, JOBS)
