"""How far seeds alone move the network baselines on the five NAB series: independent PyTorch twins of `vae 24`, `lstm-ad 24` and `autoencoder L`.

python baseline_spread.py <folder with nab/> [seeds] [method,...]   (needs ../requirements.txt; writes ../results/baseline-spread.json)

Mean, standard deviation and lowest over the seeds of F1 under the protocol of the paper, and without widening. No setting is chosen here: the twins have
those of the prototypes behind the references (nab-gates.ts) as far as they are stated, and the defaults of ours elsewhere. Methods that are not named keep their results.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

torch.set_num_threads(1)
FILES = {
    "ambient": "ambient_temperature_system_failure.csv",
    "cpu": "cpu_utilization_asg_misconfiguration.csv",
    "ec2": "ec2_request_latency_system_failure.csv",
    "machine": "machine_temperature_system_failure.csv",
    "taxi": "nyc_taxi.csv",
}
SPAN = 24
WHOLE = {"ambient": 168, "cpu": 144, "ec2": 192, "machine": 288, "taxi": 168}


def load(folder, file):
    raw = np.array([float(line.split(",")[1]) for line in (folder / file).read_text().strip().split("\n")[1:]])
    labels = json.loads((folder / "labels.json").read_text())["series"][file]
    a, b = labels["train_split"]
    scaled = ((raw - raw[a:b].mean()) / raw[a:b].std()).astype(np.float32)
    tests = [scaled[s:e] for s, e in ((0, a), (b, len(raw))) if e > s]
    starts = [s for s, e in ((0, a), (b, len(raw))) if e > s]
    return scaled[a:b], tests, starts, [point["row"] for point in labels["published_points"]]


def windows(values, p):
    return torch.tensor(np.lib.stride_tricks.sliding_window_view(values, p).copy())


def protocol(scores, rows, points, span):
    """F1 at the best of 200 even steps, widened and not. rows: the last row that each score covers."""
    covers = [(rows - span < point) & (rows >= point) for point in points]
    covers = [cover for cover in covers if cover.any()]
    truth = np.any(covers, axis=0)

    def f1(found):
        hits = (found & truth).sum()
        return 2 * hits / max(1, found.sum() + truth.sum())

    best = [0.0, 0.0]
    for step in np.linspace(scores.min(), scores.max(), 200):
        found = scores > step
        wide = found | np.any([cover & (found & cover).any() for cover in covers], axis=0)
        best = [max(best[0], f1(wide)), max(best[1], f1(found))]
    return best


def train(net, loss, validation, steps, rate, patience):
    """Adam with a cosine, the state of the best validation loss."""
    optimiser = torch.optim.Adam(net.parameters(), rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    best, since, state = float("inf"), 0, None
    for step in range(steps):
        optimiser.zero_grad()
        loss().backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 20)
        optimiser.step()
        schedule.step()
        if (step + 1) % 10 == 0:
            with torch.no_grad():
                value = validation().item()
            since += 1
            if value < best:
                best, since = value, 0
                state = {key: weight.clone() for key, weight in net.state_dict().items()}
        if since >= patience:
            break
    net.load_state_dict(state)


class Vae(torch.nn.Module):
    def __init__(self, inputs, hidden=64, latent=6):
        super().__init__()
        linear, leaky = torch.nn.Linear, torch.nn.LeakyReLU
        self.encoder = torch.nn.Sequential(linear(inputs, hidden), leaky(0.2), linear(hidden, hidden), leaky(0.2))
        self.mean, self.variance = linear(hidden, latent), linear(hidden, latent)
        self.decoder = torch.nn.Sequential(linear(latent, hidden), leaky(0.2), linear(hidden, hidden), leaky(0.2), linear(hidden, inputs))

    def loss(self, x, noise=True):
        code = self.encoder(x)
        mean, variance = self.mean(code), self.variance(code)
        z = mean + torch.exp(variance / 2) * torch.randn_like(mean) if noise else mean
        squares = ((x - self.decoder(z)) ** 2).sum(1) / (2 * 0.2**2)
        return (squares + 0.5 * (mean**2 + variance.exp() - variance - 1).sum(1)).mean()

    def errors(self, x):
        return ((x - self.decoder(self.mean(self.encoder(x)))) ** 2).sum(1).sqrt()


def vae_scores(normal, tests, rng, _):
    """A window of 24 rows by its reconstruction error; a tenth of the training windows, drawn at random, validates."""
    every = windows(normal, SPAN)
    order = rng.permutation(len(every))
    held, fit = np.split(order, [len(order) // 10])
    net = Vae(SPAN)
    batch = lambda: every[rng.choice(fit, 128)]
    train(net, lambda: net.loss(batch()), lambda: net.loss(every[held], False), 1500, 1e-3, 10**6)
    with torch.no_grad():
        return [(SPAN - 1, net.errors(windows(test, SPAN)).numpy()) for test in tests]


class Forecast(torch.nn.Module):
    def __init__(self, ahead, hidden=32):
        super().__init__()
        self.lstm = torch.nn.LSTM(1, hidden, 2, batch_first=True)
        self.out = torch.nn.Linear(hidden, ahead)

    def forward(self, x):
        return self.out(self.lstm(x[:, :, None])[0])


def lstm_scores(normal, tests, rng, _, p=96, ahead=5):
    """The forecasts 1 to 5 ahead of each row, their errors under a Gaussian of the last 15 % of the training rows, joined over 24 rows."""
    cut = int(0.85 * len(normal))
    fit, held = windows(normal[:cut], p), windows(normal[cut:], p)
    net = Forecast(ahead)

    def loss():
        x = fit[rng.integers(0, len(fit), 64)]
        made = net(x[:, :-1])
        # Output s forecasts rows s+1 to s+5 of the window.
        parts = [made[:, : p - 1 - h, h] - x[:, 1 + h :] for h in range(ahead)]
        return sum((part**2).sum() for part in parts) / sum(part.numel() for part in parts)

    def errors(x):
        made = net(x[:, :-1])
        return torch.stack([x[:, -1] - made[:, p - 2 - h, h] for h in range(ahead)], 1)

    some = held[:: max(1, len(held) // 512)]
    train(net, loss, lambda: (errors(some) ** 2).mean(), 1500, 1e-2, 30)
    with torch.no_grad():
        normal_errors = errors(held).numpy()
        mean = normal_errors.mean(0)
        covariance = np.cov(normal_errors.T)
        shrunk = 0.9 * covariance + 0.1 * np.trace(covariance) / ahead * np.eye(ahead)
        inverse = np.linalg.inv(shrunk)
        found = []
        for test in tests:
            e = errors(windows(test, p)).numpy() - mean
            distance = np.sqrt(np.einsum("ij,jk,ik->i", e, inverse, e))
            joined = (np.lib.stride_tricks.sliding_window_view(distance, SPAN) ** 4).mean(1) ** 0.25
            found.append((p + SPAN - 2, joined))
        return found


def autoencoder_scores(normal, tests, rng, span, hidden=64, latent=16):
    """A whole window of L rows by its reconstruction error; of the first 85 % of the training rows a tenth, drawn at random, validates."""
    every = windows(normal[: int(0.85 * len(normal))], span)
    held, fit = np.split(rng.permutation(len(every)), [len(every) // 10])
    linear, leaky = torch.nn.Linear, torch.nn.LeakyReLU
    net = torch.nn.Sequential(
        *(linear(span, hidden), leaky(0.2), linear(hidden, latent), leaky(0.2)),
        *(linear(latent, hidden), leaky(0.2), linear(hidden, span)),
    )
    errors = lambda x: ((x - net(x)) ** 2).mean(1)
    train(net, lambda: errors(every[rng.choice(fit, 128)]).mean(), lambda: errors(every[held]).mean(), 1500, 1e-3, 30)
    with torch.no_grad():
        return [(span - 1, errors(windows(test, span)).sqrt().numpy()) for test in tests]


METHODS = {
    "vae 24": (vae_scores, dict.fromkeys(FILES, SPAN)),
    "lstm-ad 24": (lstm_scores, dict.fromkeys(FILES, SPAN)),
    "autoencoder L": (autoencoder_scores, WHOLE),
}
OUT = Path(__file__).parent / "../results/baseline-spread.json"


def main(data, seeds, only):
    result = json.loads(OUT.read_text())["spread"] if OUT.exists() else {}
    for method in only:
        scores, spans = METHODS[method]
        result[method] = {}
        for series, file in FILES.items():
            normal, tests, starts, points = load(Path(data) / "nab", file)
            reached = []
            for seed in range(1, seeds + 1):
                torch.manual_seed(seed)
                parts = scores(normal, tests, np.random.default_rng(seed), spans[series])
                rows = np.concatenate([start + first + np.arange(len(part)) for start, (first, part) in zip(starts, parts)])
                reached.append(protocol(np.concatenate([part for _, part in parts]), rows, points, spans[series]))
            reached = np.array(reached)
            result[method][series] = {
                name: {"mean": round(values.mean(), 4), "sd": round(values.std(ddof=1), 4), "lowest": round(values.min(), 4)}
                for name, values in zip(("f1", "f1Unwidened"), reached.T)
            }
            print(method, series, json.dumps(result[method][series]), reached.round(3).tolist(), flush=True)
    OUT.write_text(json.dumps({"torch": torch.__version__.split("+")[0], "seeds": seeds, "spread": result}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 6, sys.argv[3].split(",") if len(sys.argv) > 3 else METHODS)
