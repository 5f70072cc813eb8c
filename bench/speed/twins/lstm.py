"""Training steps of nn.LSTM and a linear layer on its outputs: forward, backward, Adam."""

import torch
from torch import nn

from meter import per_piece


class Stack(nn.Module):
    """One LSTM layer and a linear one on every step's output; [T, B, inputs] to [T, B, outputs]."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(inputs, hidden)
        self.out = nn.Linear(hidden, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.lstm(x)[0])


def lstm(request: dict):
    shape = request["shape"]
    size = (shape["steps"], shape["batch"], shape["inputs"])
    model = Stack(shape["inputs"], shape["hidden"], shape["inputs"])
    optimiser = torch.optim.Adam(model.parameters(), lr=0.001)
    x, y = torch.randn(size), torch.randn(size)

    def train(count: int) -> None:
        for _ in range(count):
            optimiser.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            optimiser.step()

    def run(pieces: int) -> dict[str, float]:
        train(1)
        return per_piece(lambda: train(pieces), pieces)

    return run
