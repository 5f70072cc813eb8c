"""MIM-GAN with LSTMs as a PyTorch user would write it: iterations of training, and the search for the latent numbers of windows."""

import torch
from torch import nn

from lstm import Stack
from meter import per_piece

BETAS, DECAY, CLIP_NORM = (0.5, 0.999), 0.01, 20.0
GENERATOR_RATE, DISCRIMINATOR_RATE, SEARCH_RATE = 0.002, 0.006, 0.05
ROWS = 20_000


class Generator(Stack):
    """Latent numbers, some constant over the window and some free at each step, to windows [L, B, channels] in -1..1."""

    def forward(self, constant: torch.Tensor, free: torch.Tensor) -> torch.Tensor:
        return torch.tanh(super().forward(torch.cat([constant.expand(free.shape[0], -1, -1), free], 2)))


def networks(shape: dict) -> tuple[Generator, Stack]:
    generator = Generator(shape["latent"], shape["hidden"], shape["channels"])
    return generator, Stack(shape["channels"], shape["hidden"], 1)


def draw(shape: dict, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
    constant = shape["constant"]
    return torch.randn(1, batch, constant), torch.randn(shape["steps"], batch, shape["latent"] - constant)


def iteration(request: dict):
    """One step of D on as many real as generated windows and one step of G, message importance measure (Lu et al., Eq. 3)."""
    shape = request["shape"]
    steps, batch = shape["steps"], shape["batch"]
    generator, discriminator = networks(shape)
    g_optimiser = torch.optim.AdamW(generator.parameters(), lr=GENERATOR_RATE, betas=BETAS, weight_decay=DECAY)
    d_optimiser = torch.optim.AdamW(discriminator.parameters(), lr=DISCRIMINATOR_RATE, betas=BETAS, weight_decay=DECAY)
    windows = torch.randn(ROWS, shape["channels"]).unfold(0, steps, 1)

    def train(count: int) -> None:
        for _ in range(count):
            real = windows[torch.randint(len(windows), (batch,))].permute(2, 0, 1)
            made = generator(*draw(shape, batch))

            judged = torch.sigmoid(discriminator(torch.cat([real, made.detach()], 1)))
            on_real, on_made = judged.split(batch, 1)
            d_optimiser.zero_grad()
            (torch.exp(1 - on_real).mean() + torch.exp(on_made).mean()).backward()
            nn.utils.clip_grad_norm_(discriminator.parameters(), CLIP_NORM)
            d_optimiser.step()

            discriminator.requires_grad_(False)
            g_optimiser.zero_grad()
            (-torch.exp(torch.sigmoid(discriminator(made))).mean()).backward()
            nn.utils.clip_grad_norm_(generator.parameters(), CLIP_NORM)
            g_optimiser.step()
            discriminator.requires_grad_(True)

    def run(pieces: int) -> dict[str, float]:
        train(1)
        return per_piece(lambda: train(pieces), pieces)

    return run


def inversion(request: dict):
    """25 steps of RMSprop from the given latent numbers on the squared error of each window; the best state of each one is kept."""
    shape = request["shape"]
    batch = shape["batch"]
    generator, _ = networks(shape)
    generator.requires_grad_(False)
    goal = torch.randn(shape["steps"], batch, shape["channels"])

    def search() -> torch.Tensor:
        constant, free = (z.requires_grad_() for z in draw(shape, batch))
        optimiser = torch.optim.RMSprop([constant, free], lr=SEARCH_RATE)
        lowest = torch.full((batch,), torch.inf)
        best = [constant.detach().clone(), free.detach().clone()]

        def note(errors: torch.Tensor) -> None:
            better = errors < lowest
            lowest[better] = errors[better]
            for kept, now in zip(best, (constant, free)):
                kept[:, better] = now.detach()[:, better]

        for _ in range(shape["updates"]):
            errors = (generator(constant, free) - goal).square().mean((0, 2))
            note(errors.detach())
            optimiser.zero_grad()
            errors.sum().backward()
            optimiser.step()
        with torch.no_grad():
            note((generator(constant, free) - goal).square().mean((0, 2)))
            return generator(*best)

    def run(pieces: int) -> dict[str, float]:
        search()
        return per_piece(lambda: [search() for _ in range(pieces)], pieces)

    return run
