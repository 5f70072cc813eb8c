"""Hreg-VAE-LSTM (Xu and Wang 2025) as a PyTorch user would write it: the whole fit with the settings of the paper's score.

VAE on rolling windows with a penalty on the Jacobian of the reconstruction, then an LSTM on the codes of windows in a row; same
layers, losses, steps, batches, cosine rates, clipping and validation every tenth step as core/detectors/hreg-vae-lstm.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from lstm import Stack
from meter import per_piece

SLOPE, SIGMA_X, CLIP_NORM, RECORD_EVERY, MOST_HELD = 0.2, 0.2, 20.0, 10, 512
HIDDEN, LATENT = 64, 6


class Vae(nn.Module):
    """Encoder with a mean and a log-variance head, and decoder."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        leaky = nn.LeakyReLU(SLOPE)
        self.body = nn.Sequential(nn.Linear(inputs, HIDDEN), leaky, nn.Linear(HIDDEN, HIDDEN), leaky)
        self.mean = nn.Linear(HIDDEN, LATENT)
        self.log_variance = nn.Linear(HIDDEN, LATENT)
        self.decoder = nn.Sequential(
            nn.Linear(LATENT, HIDDEN), leaky, nn.Linear(HIDDEN, HIDDEN), leaky, nn.Linear(HIDDEN, inputs)
        )


def elbo(vae: Vae, x: torch.Tensor, noise: torch.Tensor | None) -> torch.Tensor:
    """Negative ELBO under a Gaussian with fixed spread, constants left out; without noise at the mean code."""
    body = vae.body(x)
    mean, log_variance = vae.mean(body), vae.log_variance(body)
    z = mean if noise is None else mean + torch.exp(0.5 * log_variance) * noise
    reconstruction = (x - vae.decoder(z)).square().sum(1).mean() / (2 * SIGMA_X**2)
    return reconstruction + 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum(1).mean()


def penalty(vae: Vae, x: torch.Tensor) -> torch.Tensor:
    """E ||grad_x v.decoder(mean(x))||^2 with v standard normal, by differentiating twice."""
    x = x.detach().requires_grad_()
    output = vae.decoder(vae.mean(vae.body(x)))
    (gradient,) = torch.autograd.grad((output * torch.randn_like(output)).sum(), x, create_graph=True)
    return gradient.square().sum(1).mean()


def written_out_penalty(vae: Vae, x: torch.Tensor) -> torch.Tensor:
    """The same as a product of matrices, which is exact because the network is piecewise linear; as ours does it."""
    slopes = []

    def through(layers: nn.Sequential, h: torch.Tensor) -> torch.Tensor:
        for layer in layers:
            if isinstance(layer, nn.LeakyReLU):
                slopes.append(torch.where(h > 0, 1.0, SLOPE))
            h = layer(h)
        return h

    output = through(vae.decoder, vae.mean(through(vae.body, x)))
    product = torch.randn_like(output)
    linear = [layer for layer in [*vae.body, vae.mean, *vae.decoder] if isinstance(layer, nn.Linear)]
    # No activation follows the mean.
    factors = [*slopes[:2], None, *slopes[2:]]
    for i in reversed(range(len(linear))):
        product = product @ linear[i].weight
        if i > 0 and factors[i - 1] is not None:
            product = product * factors[i - 1]
    return product.square().sum(1).mean()


def train(
    model: nn.Module,
    steps: int,
    rate: float,
    loss: Callable[[int], torch.Tensor],
    validation: Callable[[], torch.Tensor],
) -> None:
    """Adam with a cosine rate; the state with the lowest validation loss is kept."""
    optimiser = torch.optim.Adam(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 0.5 * (1 + math.cos(math.pi * step / steps)))
    lowest, best = math.inf, {}
    for step in range(steps):
        optimiser.zero_grad()
        loss(step).backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM)
        optimiser.step()
        schedule.step()
        if (step + 1) % RECORD_EVERY == 0 or step + 1 == steps:
            with torch.no_grad():
                value = validation().item()
            if value < lowest:
                lowest, best = value, {name: tensor.clone() for name, tensor in model.state_dict().items()}
    model.load_state_dict(best)


def batches(items: torch.Tensor, size: int) -> Callable[[int], torch.Tensor]:
    """Batches without replacement, epoch after epoch."""
    per_epoch = len(items) // size
    order = torch.empty(0)

    def batch(step: int) -> torch.Tensor:
        nonlocal order
        at = step % per_epoch
        if at == 0:
            order = items[torch.randperm(len(items))]
        return order[at * size : (at + 1) * size]

    return batch


def parts(rows: int, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """First rows of windows to train on and of at most 512 to validate with: 85 % of the rows, the last tenth of which validates."""
    until = int(0.85 * rows)
    border = int(0.9 * until)
    held = torch.arange(border, until - length + 1)
    spaced = held[torch.linspace(0, len(held) - 1, min(MOST_HELD, len(held))).long()]
    return torch.arange(0, border - length + 1), spaced


def fit(values: torch.Tensor, shape: dict, vae_steps: int, lstm_steps: int) -> tuple[Vae, Stack]:
    p, k, size = shape["window"], shape["windows"], shape["batch"]
    hreg = written_out_penalty if shape["writtenOut"] else penalty
    windows = values.unfold(0, p, 1)
    vae = Vae(p)
    items, held = parts(len(values), p)
    batch = batches(items, size)

    def vae_loss(step: int) -> torch.Tensor:
        x = windows[batch(step)]
        return elbo(vae, x, torch.randn(size, LATENT)) + hreg(vae, x)

    train(vae, vae_steps, 1e-3, vae_loss, lambda: elbo(vae, windows[held], None))

    with torch.no_grad():
        codes = vae.mean(vae.body(windows))
    forecast = Stack(LATENT, HIDDEN, LATENT)
    items, held = parts(len(values), p * k)
    batch = batches(items, size)
    offsets = p * torch.arange(k)[:, None]

    def sequence(starts: torch.Tensor) -> torch.Tensor:
        e = codes[starts[None, :] + offsets]
        return nn.functional.mse_loss(forecast(e[:-1]), e[1:])

    train(forecast, lstm_steps, 2e-3, lambda step: sequence(batch(step)), lambda: sequence(held))
    return vae, forecast


def hreg(request: dict):
    shape = request["shape"]
    values = torch.from_numpy(np.fromfile(request["data"], dtype="<f4"))

    def run(pieces: int) -> dict[str, float]:
        fit(values, shape, 30, 20)
        return per_piece(lambda: [fit(values, shape, shape["vaeSteps"], shape["lstmSteps"]) for _ in range(pieces)], pieces)

    return run
