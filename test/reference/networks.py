"""Expected numbers of test/networks.conformance.ts from PyTorch (CPU, float64) and NumPy. Versions: requirements-networks.txt.

Usage: python networks.py  (writes networks.json beside this file)

Every input is a float32 value with few decimals, so that the JSON holds the very numbers that were used. Layouts are the product's:
an LSTM has one matrix [I+H, 4H] and one bias (PyTorch's two added), gates in PyTorch's order i, f, g (cell input), o.
"""
import json
from pathlib import Path

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(7)


def draw(*shape, scale=1.0):
    return torch.tensor(np.round(scale * rng.standard_normal(shape), 3).astype(np.float32).astype(np.float64))


def flat(tensor):
    return [float(f"{value:.9g}") for value in np.asarray(tensor.detach() if torch.is_tensor(tensor) else tensor).ravel()]


# --- LSTM -----------------------------------------------------------------------------------------------------------------------


def set_lstm(module, layer, w, b, inputs):
    with torch.no_grad():
        getattr(module, f"weight_ih_l{layer}").copy_(w[:inputs].T)
        getattr(module, f"weight_hh_l{layer}").copy_(w[inputs:].T)
        getattr(module, f"bias_ih_l{layer}").copy_(b)
        getattr(module, f"bias_hh_l{layer}").zero_()


def lstm_gradients(module, layer):
    w = torch.cat([getattr(module, f"weight_ih_l{layer}").grad.T, getattr(module, f"weight_hh_l{layer}").grad.T])
    return [flat(w), flat(getattr(module, f"bias_ih_l{layer}").grad)]


def lstm(steps, batch, inputs, hidden, layers, outputs):
    """A stack of LSTM layers, with a linear layer when `outputs` is not 0; gradients of Σ out·g."""
    module = torch.nn.LSTM(inputs, hidden, layers)
    weights = []
    for layer in range(layers):
        width = inputs if layer == 0 else hidden
        w, b = draw(width + hidden, 4 * hidden, scale=0.4), draw(4 * hidden, scale=0.4)
        set_lstm(module, layer, w, b, width)
        weights += [w, b]
    x = draw(steps, batch, inputs).requires_grad_()
    out = module(x)[0]
    if outputs:
        w, b = draw(hidden, outputs, scale=0.4).requires_grad_(), draw(outputs, scale=0.4).requires_grad_()
        weights += [w, b]
        out = out @ w + b
    g = draw(*out.shape)
    (out * g).sum().backward()
    gradients = sum([lstm_gradients(module, layer) for layer in range(layers)], [])
    if outputs:
        gradients += [flat(w.grad), flat(b.grad)]
    return {
        "steps": steps, "batch": batch, "inputs": inputs, "hidden": hidden, "layers": layers, "outputs": outputs,
        "x": flat(x), "weights": [flat(weight) for weight in weights], "g": flat(g),
        "out": flat(out), "xGradient": flat(x.grad), "gradients": gradients,
    }


# --- Optimisers -----------------------------------------------------------------------------------------------------------------


def optimiser(spec, build):
    start, gradients, rates = draw(5), draw(8, 5), [0.1, 0.1, 0.05, 0.05, 0.01, 0.2, 0.2, 0.001]
    weights = torch.nn.Parameter(start.clone())
    stepper = build([weights])
    path = []
    for gradient, rate in zip(gradients, rates):
        stepper.param_groups[0]["lr"] = rate
        weights.grad = gradient.clone()
        stepper.step()
        path.append(flat(weights))
    return {"spec": spec, "start": flat(start), "gradients": [flat(g) for g in gradients], "rates": rates, "path": path}


def optimisers():
    o = torch.optim
    return [
        optimiser({"kind": "adam"}, lambda p: o.Adam(p)),
        optimiser({"kind": "adam", "betas": [0.5, 0.99]}, lambda p: o.Adam(p, betas=(0.5, 0.99))),
        optimiser({"kind": "adamw", "decay": 0.01}, lambda p: o.AdamW(p, weight_decay=0.01)),
        optimiser({"kind": "adamw", "betas": [0.5, 0.999], "decay": 0.3}, lambda p: o.AdamW(p, betas=(0.5, 0.999), weight_decay=0.3)),
        optimiser({"kind": "rmsprop"}, lambda p: o.RMSprop(p)),
        optimiser({"kind": "rmsprop", "alpha": 0.9}, lambda p: o.RMSprop(p, alpha=0.9)),
    ]


# --- Gaussian error model of LSTM-AD ----------------------------------------------------------------------------------------------


def error_model(shrinkage):
    mixing = draw(4, 4).numpy()
    errors, rows = draw(60, 4).numpy() @ mixing + 0.5, draw(6, 4).numpy() @ mixing * 2
    errors, rows = (np.round(values, 3).astype(np.float32).astype(np.float64) for values in (errors, rows))
    covariance = np.cov(errors.T, bias=True)
    shrunk = (1 - shrinkage) * covariance + (shrinkage * np.trace(covariance) / 4 + 1e-9) * np.eye(4)
    centred = rows - errors.mean(0)
    distances = np.sqrt(np.einsum("ij,jk,ik->i", centred, np.linalg.inv(shrunk), centred))
    return {"shrinkage": shrinkage, "errors": flat(errors), "rows": flat(rows), "distances": flat(distances), "variances": flat(np.diag(shrunk))}


# --- VAE loss and Hreg --------------------------------------------------------------------------------------------------------------


def vae(inputs=6, hidden=8, latent=2, batch=5, sigma=0.2):
    shapes = [(inputs, hidden), (hidden, hidden), (hidden, latent), (hidden, latent), (latent, hidden), (hidden, hidden), (hidden, inputs)]
    weights = sum([[draw(*shape, scale=0.5).requires_grad_(), draw(shape[1], scale=0.3).requires_grad_()] for shape in shapes], [])
    x, noise = draw(batch, inputs), draw(batch, latent)
    leaky = torch.nn.LeakyReLU(0.2)
    dense = lambda t, i: t @ weights[2 * i] + weights[2 * i + 1]
    hidden_of = lambda t: leaky(dense(leaky(dense(t, 0)), 1))
    decode = lambda z: dense(leaky(dense(leaky(dense(z, 4)), 5)), 6)
    gradients = lambda value: flat(torch.cat([
        (torch.zeros_like(w) if g is None else g).ravel()
        for w, g in zip(weights, torch.autograd.grad(value, weights, allow_unused=True))
    ]))

    h = hidden_of(x)
    mean, log_variance = dense(h, 2), dense(h, 3)
    rebuilt = decode(mean + torch.exp(log_variance / 2) * noise)
    reconstruction = -torch.distributions.Normal(rebuilt, sigma).log_prob(x).sum(1).mean() - inputs * np.log(sigma * np.sqrt(2 * np.pi))
    posterior = torch.distributions.Normal(mean, torch.exp(log_variance / 2))
    kl = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
    elbo = {"noise": flat(noise), "reconstruction": reconstruction.item(), "kl": kl.item(), "gradient": gradients(reconstruction + kl)}

    penalties = []
    for penalty in ["jacobian", "encoder", "error"]:
        v = draw(batch, latent if penalty == "encoder" else inputs)
        for exponent in [1, 2]:
            at = x.clone().requires_grad_()
            code = dense(hidden_of(at), 2)
            f = {
                "jacobian": lambda: (v * decode(code)).sum(),
                "encoder": lambda: (v * code).sum(),
                "error": lambda: ((at - decode(code)) ** 2).sum(),
            }[penalty]()
            (slope,) = torch.autograd.grad(f, at, create_graph=True)
            squares = (slope**2).sum(1)
            value = (squares if exponent == 2 else squares.sqrt()).mean()
            penalties.append({"penalty": penalty, "exponent": exponent, "v": flat(v), "value": value.item(), "gradient": gradients(value)})
    return {
        "inputs": inputs, "hidden": hidden, "latent": latent, "batch": batch, "sigmaX": sigma,
        "weights": flat(torch.cat([w.ravel() for w in weights])), "x": flat(x), "elbo": elbo, "penalties": penalties,
    }


# --- GAN losses and DIRE --------------------------------------------------------------------------------------------------------------


def gan_losses():
    real, generated = draw(4, 3).requires_grad_(), draw(4, 3).requires_grad_()
    d_real, d_generated = torch.sigmoid(real), torch.sigmoid(generated)
    value = torch.exp(1 - d_real).mean() + torch.exp(d_generated).mean()
    entropy = torch.nn.functional.binary_cross_entropy_with_logits
    ones, zeros = torch.ones_like(real), torch.zeros_like(real)
    losses = {
        # D minimises V, G maximises its second term.
        "messageImportance": (value, -torch.exp(d_generated).mean()),
        "crossEntropy": (entropy(real, ones) + entropy(generated, zeros), entropy(generated, ones)),
    }
    grad = lambda loss, at: flat(torch.autograd.grad(loss, at, retain_graph=True)[0])
    return {
        "real": flat(real), "generated": flat(generated),
        "losses": [
            {
                "name": name, "discriminator": d.item(), "generator": g.item(),
                "discriminatorGradients": [grad(d, real), grad(d, generated)], "generatorGradient": grad(g, generated),
            }
            for name, (d, g) in losses.items()
        ],
    }


def dire(rows=11, steps=4, tags=2, ends=(3, 5, 6, 9), weight=0.3, scales=(0.5, 2.0)):
    """Literally: for each row all (window, position) pairs that cover it."""
    series = draw(rows, tags).numpy()
    rebuilt, discrimination = draw(len(ends), steps, tags).numpy(), np.abs(draw(len(ends), steps).numpy())
    scores = []
    for row in range(rows):
        losses = [
            weight * np.abs(series[row] - rebuilt[i, s]).sum() / scales[0] + (1 - weight) * discrimination[i, s] / scales[1]
            for i, end in enumerate(ends) for s in range(steps) if end - steps + 1 + s == row
        ]
        scores.append(float(f"{np.mean(losses):.9g}") if losses else None)
    return {
        "rows": rows, "steps": steps, "tags": tags, "ends": list(ends), "lambda": weight, "scales": list(scales),
        "series": flat(series), "rebuilt": [flat(r) for r in rebuilt], "discrimination": [flat(d) for d in discrimination], "scores": scores,
    }


result = {
    "lstm": [lstm(7, 3, 4, 5, 1, 0), lstm(1, 2, 1, 3, 1, 0), lstm(6, 4, 3, 4, 2, 2)],
    "optimisers": optimisers(),
    "errorModels": [error_model(0.1), error_model(0.3)],
    "vae": vae(),
    "gan": gan_losses(),
    "dire": dire(),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
