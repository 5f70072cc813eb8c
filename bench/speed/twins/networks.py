"""Autoencoder, DAGMM and GDN as a PyTorch user would write them: steps of their training.

Same layers, losses, batches, clipping and cosine rate as core/detectors/{autoencoder,dagmm,gdn}, and as there a look at 512 held-out
windows every tenth step.
"""

import math

import torch
from torch import nn
from torch.distributions import MultivariateNormal

from hreg import SLOPE, batches, parts, train
from meter import per_piece

EPSILON, EMPTY, FLOOR, DROPOUT = 1e-4, 1e-6, 0.01, 0.5
ENERGY_WEIGHT, SPREAD_WEIGHT, ESTIMATION_UNITS = 0.1, 0.005, 10


def dense(*sizes: int) -> nn.Sequential:
    """Linear layers with leaky ReLU between them."""
    layers = [nn.Linear(*pair) for pair in zip(sizes, sizes[1:])]
    return nn.Sequential(*[part for layer in layers for part in (layer, nn.LeakyReLU(SLOPE))][:-1])


class Autoencoder(nn.Module):
    def __init__(self, shape: dict) -> None:
        super().__init__()
        inputs = shape["window"] * shape["channels"]
        self.layers = dense(inputs, shape["hidden"], shape["latent"], shape["hidden"], inputs)

    def errors(self, x: torch.Tensor) -> torch.Tensor:
        """Squared errors of windows [B, channels, rows]."""
        x = x.flatten(1)
        return (self.layers(x) - x).square()

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        return self.errors(x).mean()


class Dagmm(nn.Module):
    """Zong et al. 2018: compression network, estimation network, energy of the batch's mixture (Eq. 1 to 7)."""

    def __init__(self, shape: dict) -> None:
        super().__init__()
        inputs, hidden, latent = shape["window"] * shape["channels"], shape["hidden"], shape["latent"]
        self.encoder, self.decoder = dense(inputs, hidden, latent), dense(latent, hidden, inputs)
        self.estimation = nn.Sequential(
            nn.Linear(latent + 2, ESTIMATION_UNITS), nn.Tanh(), nn.Dropout(DROPOUT), nn.Linear(ESTIMATION_UNITS, shape["components"])
        )

    def compress(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Squared error and features of windows [B, channels, rows]."""
        x = x.flatten(1)
        code = self.encoder(x)
        rebuilt = self.decoder(code)
        length, length_rebuilt = ((t.square().sum(1) + FLOOR * x.shape[1]).sqrt() for t in (x, rebuilt))
        squares = (x - rebuilt).square().sum(1)
        z = torch.cat([code, (squares.sqrt() / length)[:, None], ((x * rebuilt).sum(1) / (length * length_rebuilt))[:, None]], 1)
        return squares, z

    def mixture(self, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Shares, means and covariances."""
        membership = torch.softmax(self.estimation(z), 1)
        counts = membership.sum(0) + EMPTY
        means = membership.T @ z / counts[:, None]
        centred = z - means[:, None]
        covariances = (membership.T[:, :, None] * centred).mT @ centred / counts[:, None, None] + EPSILON * torch.eye(z.shape[1])
        return membership.mean(0), means, covariances

    @staticmethod
    def energies(z: torch.Tensor, shares: torch.Tensor, means: torch.Tensor, covariances: torch.Tensor) -> torch.Tensor:
        densities = MultivariateNormal(means, covariances, validate_args=False).log_prob(z[:, None])
        return -torch.logsumexp(shares.add(EMPTY).log() + densities, 1)

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        squares, z = self.compress(x)
        mixture = self.mixture(z)
        narrowness = (1 / torch.diagonal(mixture[2], dim1=1, dim2=2)).sum()
        return squares.mean() + ENERGY_WEIGHT * self.energies(z, *mixture).mean() + SPREAD_WEIGHT * narrowness


class Gdn(nn.Module):
    """Deng and Hooi 2021: graph of the embeddings, attention along it, forecast of each tag (Eq. 2 to 9)."""

    def __init__(self, shape: dict) -> None:
        super().__init__()
        tags, embedding = shape["channels"], shape["embedding"]
        self.neighbours = min(shape["neighbours"], tags - 1)
        self.embeddings = nn.Parameter(torch.randn(tags, embedding) / math.sqrt(embedding))
        self.transform = nn.Linear(shape["window"] - 1, embedding, bias=False)
        self.of_embeddings, self.of_values = nn.Linear(embedding, 2, bias=False), nn.Linear(embedding, 2, bias=False)
        self.forecast = dense(embedding, shape["hidden"], 1)

    def graph(self) -> torch.Tensor:
        """Where tag i (row) does not look at tag j (column)."""
        with torch.no_grad():
            unit = nn.functional.normalize(self.embeddings)
            cosine = (unit @ unit.T).fill_diagonal_(2)
            edges = cosine.topk(self.neighbours + 1).indices
            return torch.ones_like(cosine, dtype=torch.bool).scatter_(1, edges, False)

    def errors(self, x: torch.Tensor) -> torch.Tensor:
        """Of the forecasts of the last rows of windows [B, channels, rows]."""
        values = self.transform(x[:, :, :-1])
        weighed = self.of_values(values) + self.of_embeddings(self.embeddings)
        logits = nn.functional.leaky_relu(weighed[:, :, :1] + weighed[:, :, 1:].mT, SLOPE)
        attention = torch.softmax(logits.masked_fill(self.graph(), -math.inf), 2)
        states = torch.relu(attention @ values) * self.embeddings
        return self.forecast(states)[:, :, 0] - x[:, :, -1]

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        return self.errors(x).square().mean()


def fit(model: nn.Module, windows: torch.Tensor, rows: tuple[torch.Tensor, torch.Tensor], size: int, steps: int) -> None:
    """Trains on windows [n, channels, rows], given those to train on and those to validate with."""
    items, held = rows
    batch = batches(items, size)

    def validation() -> torch.Tensor:
        model.eval()
        value = model.loss(windows[held])
        model.train()
        return value

    train(model, steps, 1e-3, lambda step: model.loss(windows[batch(step)]), validation)


def training(network: type[nn.Module]):
    """Steps of training on noise, the values of which do not matter to the time."""

    def prepare(request: dict):
        shape = request["shape"]
        windows = torch.randn(shape["rows"], shape["channels"]).unfold(0, shape["window"], 1)

        def steps(count: int) -> None:
            fit(network(shape), windows, parts(shape["rows"], shape["window"]), shape["batch"], count)

        def run(pieces: int) -> dict[str, float]:
            steps(10)
            return per_piece(lambda: steps(pieces), pieces)

        return run

    return prepare


autoencoder, dagmm, gdn = training(Autoencoder), training(Dagmm), training(Gdn)
