"""Expected numbers of test/deep-windows.conformance.ts from PyTorch (CPU, float64). Versions: requirements-networks.txt.

Usage: python deep_windows.py  (writes deep_windows.json beside this file)

Twins of the autoencoder, DAGMM and GDN, written from the papers with PyTorch's own layers and distributions. Inputs are float32 values
with few decimals, so that the JSON holds the very numbers that were used. Matrices are the product's: [in, out].
"""
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(11)


def draw(*shape, scale=1.0):
    return torch.tensor(np.round(scale * rng.standard_normal(shape), 3).astype(np.float32).astype(np.float64))


def flat(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().numpy().ravel()]


class Weights:
    """Layers whose weights are drawn, remembered in the product's order and layout."""

    def __init__(self):
        self.all = []

    def parameter(self, *shape, scale=0.5):
        self.all.append(draw(*shape, scale=scale).requires_grad_())
        return self.all[-1]

    def linear(self, inputs, outputs):
        w, b = self.parameter(inputs, outputs), self.parameter(outputs, scale=0.3)
        return lambda x: nn.functional.linear(x, w.T, b)

    def gradients(self, value):
        return flat(torch.cat([g.ravel() for g in torch.autograd.grad(value, self.all, retain_graph=True)]))

    def values(self):
        return flat(torch.cat([w.ravel() for w in self.all]))


leaky = nn.LeakyReLU(0.2)


def autoencoder(inputs=6, hidden=5, latent=2, batch=4):
    weights = Weights()
    layers = [weights.linear(*shape) for shape in [(inputs, hidden), (hidden, latent), (latent, hidden), (hidden, inputs)]]
    x = draw(batch, inputs)
    rebuilt = layers[3](leaky(layers[2](leaky(layers[1](leaky(layers[0](x)))))))
    loss = nn.functional.mse_loss(rebuilt, x)
    scores = ((x - rebuilt) ** 2).mean(1).sqrt()
    return {
        "inputs": inputs, "hidden": hidden, "latent": latent, "batch": batch, "weights": weights.values(), "x": flat(x),
        "rebuilt": flat(rebuilt), "scores": flat(scores), "loss": loss.item(), "gradient": weights.gradients(loss),
    }


def dagmm(inputs=6, hidden=5, latent=2, components=3, batch=9, energy_weight=0.1, spread_weight=0.005, epsilon=1e-4):
    weights = Weights()
    e1, e2 = weights.linear(inputs, hidden), weights.linear(hidden, latent)
    d1, d2 = weights.linear(latent, hidden), weights.linear(hidden, inputs)
    g1, g2 = weights.linear(latent + 2, 10), weights.linear(10, components)
    x = draw(batch, inputs)
    code = e2(leaky(e1(x)))
    rebuilt = d2(leaky(d1(code)))
    # The product's floor: 0.01 is added to the mean square of a window.
    norm = lambda t: (t.square().sum(1) + 0.01 * inputs).sqrt()
    distance = (x - rebuilt).norm(dim=1) / norm(x)
    cosine = (x * rebuilt).sum(1) / (norm(x) * norm(rebuilt))
    z = torch.cat([code, distance[:, None], cosine[:, None]], 1)
    gamma = torch.softmax(g2(torch.tanh(g1(z))), 1)
    # Eq. 5, component by component.
    means = torch.stack([(gamma[:, k, None] * z).sum(0) / gamma[:, k].sum() for k in range(components)])
    covariances = torch.stack([
        sum(gamma[i, k] * torch.outer(z[i] - means[k], z[i] - means[k]) for i in range(batch)) / gamma[:, k].sum()
        + epsilon * torch.eye(latent + 2)
        for k in range(components)
    ])
    mixture = MixtureSameFamily(Categorical(gamma.mean(0)), MultivariateNormal(means, covariances))
    energy = -mixture.log_prob(z)
    narrowness = (1 / torch.diagonal(covariances, dim1=1, dim2=2)).sum()
    reconstruction = ((x - rebuilt) ** 2).sum(1).mean()
    loss = reconstruction + energy_weight * energy.mean() + spread_weight * narrowness
    peaks = MultivariateNormal(means, covariances).log_prob(means) + gamma.mean(0).log()
    return {
        "inputs": inputs, "hidden": hidden, "latent": latent, "components": components, "batch": batch,
        "energyWeight": energy_weight, "spreadWeight": spread_weight, "weights": weights.values(), "x": flat(x),
        "features": flat(z), "membership": flat(gamma), "means": flat(means), "covariances": flat(covariances),
        "energy": flat(energy), "lowest": -torch.logsumexp(peaks, 0).item(),
        "narrowness": narrowness.item(), "loss": loss.item(), "gradient": weights.gradients(loss),
    }


def gdn(tags=5, window=4, embedding=3, hidden=6, neighbours=2, batch=4):
    """Edge by edge, as the sums of the paper are written."""
    weights = Weights()
    v, w = weights.parameter(tags, embedding), weights.parameter(window - 1, embedding)
    a_v, a_x = weights.parameter(embedding, 2), weights.parameter(embedding, 2)
    f1, f2 = weights.linear(embedding, hidden), weights.linear(hidden, 1)
    x = draw(batch, window, tags)
    a = torch.cat([a_v[:, 0], a_x[:, 0], a_v[:, 1], a_x[:, 1]])
    cosine = nn.functional.cosine_similarity(v[:, None], v[None, :], dim=2) - 10 * torch.eye(tags)
    edges = [[i, *torch.topk(cosine[i], neighbours).indices.tolist()] for i in range(tags)]
    attention = torch.zeros(batch, tags, tags)
    rows = []
    for n in range(batch):
        value = [w.T @ x[n, :-1, i] for i in range(tags)]
        g = [torch.cat([v[i], value[i]]) for i in range(tags)]
        row = []
        for i in range(tags):
            alpha = torch.softmax(torch.stack([leaky(a @ torch.cat([g[i], g[j]])) for j in edges[i]]), 0)
            attention[n, i, edges[i]] = alpha.detach()
            state = torch.relu(sum(share * value[j] for share, j in zip(alpha, edges[i])))
            row.append(f2(leaky(f1((state * v[i])[None])))[0, 0])
        rows.append(torch.stack(row))
    forecast = torch.stack(rows)
    loss = nn.functional.mse_loss(forecast, x[:, -1])
    return {
        "tags": tags, "window": window, "embedding": embedding, "hidden": hidden, "neighbours": neighbours, "batch": batch,
        "weights": weights.values(), "x": flat(x), "edges": [sorted(own) for own in edges], "attention": flat(attention),
        "forecast": flat(forecast), "loss": loss.item(), "gradient": weights.gradients(loss),
    }


result = {"autoencoder": autoencoder(), "dagmm": dagmm(), "gdn": gdn()}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
