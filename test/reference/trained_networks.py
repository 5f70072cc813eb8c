"""Expected spread of test/trained-networks.conformance.ts: the twins of the autoencoder, DAGMM and GDN, trained from 12 seeds with
PyTorch (CPU). Versions: requirements-networks.txt.

Usage: python trained_networks.py  (writes trained_networks.json beside this file)

The networks and their training are those of bench/speed/twins/networks.py; here they start like the product's (Glorot-uniform
matrices, vectors 0), their scores are the product's, and what normal errors are is fitted on rows that did not train.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "speed" / "twins"))
from networks import Autoencoder, Dagmm, Gdn, fit, parts  # noqa: E402

SEEDS, TRAIN, TEST = 12, 1000, 600
LEAST_SPREAD = 0.01
COMMON = {"window": 6, "hidden": 16, "batch": 64, "steps": 500}


def plant(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Three tags: a rhythm, the same three rows later, and a curved relation of both."""
    t = np.arange(rows + 3) + rng.integers(1000)
    rhythm = np.sin(2 * np.pi * t / 24) + 0.3 * np.sin(2 * np.pi * t / 90)
    a, b = rhythm[3:], rhythm[:-3]
    return np.stack([a, b, a * b], 1) + 0.2 * rng.standard_normal((rows, 3))


def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    train, test, labels = plant(rng, TRAIN), plant(rng, TEST), np.zeros(TEST, dtype=int)
    for i, start in enumerate(range(30, TEST - 20, 40)):
        # A tag that is turned around its mean, one that is shifted, one that is stuck.
        rows, tag = slice(start, start + 12), i % 3
        labels[rows] = 1
        test[rows, tag] = [-test[rows, tag], test[rows, tag] + 0.8, np.full(12, test[start, tag])][(i // 3) % 3]
    mean, std = train.mean(0), train.std(0)
    return np.round((train - mean) / std, 3), np.round((test - mean) / std, 3), labels


def windows(values: np.ndarray) -> torch.Tensor:
    return torch.tensor(values.astype(np.float32)).unfold(0, COMMON["window"], 1)


def autoencoder_scores(model: Autoencoder, _: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    return model.errors(x).mean(1).sqrt()


def dagmm_scores(model: Dagmm, held: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    mixture = model.mixture(model.compress(held)[1])
    _, means, _ = mixture
    # No point has a lower energy than one at all means at once.
    peaks = torch.stack([torch.distributions.MultivariateNormal(m, c).log_prob(m) for m, c in zip(means, mixture[2])])
    lowest = -torch.logsumexp(mixture[0].log() + peaks, 0)
    return (2 * (model.energies(model.compress(x)[1], *mixture) - lowest).clamp(min=0)).sqrt()


def gdn_scores(model: Gdn, held: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    normal = model.errors(held).abs()
    low, median, high = torch.quantile(normal, torch.tensor([0.25, 0.5, 0.75]), dim=0)
    return ((model.errors(x).abs() - median) / (high - low + LEAST_SPREAD)).clamp(min=0).amax(1)


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    above = scores[labels == 1][:, None] - scores[labels == 0][None, :]
    return float(((above > 0) + 0.5 * (above == 0)).mean())


def spread(network: type, params: dict, scores_of, train: np.ndarray, test: np.ndarray, labels: np.ndarray) -> dict:
    shape = {**COMMON, **params, "channels": train.shape[1]}
    known, new, judged = windows(train), windows(test), labels[COMMON["window"] - 1 :]
    rows = parts(len(train), COMMON["window"])
    found = {"loss": [], "auc": [], "level": []}
    for seed in range(1, SEEDS + 1):
        torch.manual_seed(seed)
        model = network(shape)
        for weights in model.parameters():
            torch.nn.init.xavier_uniform_(weights) if weights.dim() > 1 else torch.nn.init.zeros_(weights)
        fit(model, known, rows, COMMON["batch"], COMMON["steps"])
        model.eval()
        with torch.no_grad():
            found["loss"].append(model.loss(known[rows[1]]).item())
            scores = scores_of(model, known[int(rows[1][0]) :], new).numpy()
        found["auc"].append(auc(scores, judged))
        found["level"].append(float(np.median(scores[judged == 0])))
    return {"params": {**COMMON, **params}, **{name: [round(v, 5) for v in sorted(values)] for name, values in found.items()}}


torch.set_num_threads(1)
train, test, labels = data()
given = (train, test, labels)
result = {
    "train": train.ravel().tolist(), "test": test.ravel().tolist(), "labels": labels.tolist(),
    "autoencoder": spread(Autoencoder, {"latent": 3}, autoencoder_scores, *given),
    "dagmm": spread(Dagmm, {"latent": 2, "components": 3}, dagmm_scores, *given),
    "gdn": spread(Gdn, {"embedding": 8, "neighbours": 1}, gdn_scores, *given),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
for name in ["autoencoder", "dagmm", "gdn"]:
    print(name, {key: (min(result[name][key]), np.median(result[name][key]), max(result[name][key])) for key in ["loss", "auc", "level"]})
