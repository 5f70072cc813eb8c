"""Expected numbers of src/core/detectors/matrix-profile/matrix-profile.test.ts, from STUMPY 1.13.0 and NumPy 2.4.6.

python -m venv env && env/bin/pip install stumpy==1.13.0 numpy==2.4.6 && env/bin/python matrix_profile.py

Inputs are float32 values taken as float64, with flat stretches in both series.
"""
import json
import numpy as np
import stumpy

random = np.random.RandomState(4)
M = 16


def series(n, c, flats):
    t = np.arange(n)
    x = np.stack([np.sin(2 * np.pi * t / (20 + 3 * j)) * (1 + 0.5 * np.sin(t / 50)) + 0.2 * random.standard_normal(n) for j in range(c)], 1)
    for channel, start, end in flats:
        x[start:end, channel] = x[start, channel]
    return (5 * x).astype(np.float32).astype(np.float64)


def znormalised(x):
    windows = np.lib.stride_tricks.sliding_window_view(x, M)
    flat = np.ptp(windows, axis=1) == 0
    centred = windows - windows.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(centred, axis=1)
    return centred / np.where(flat, 1, norm)[:, None], flat


def squares(a, b):
    x, flat_x = znormalised(a)
    y, flat_y = znormalised(b)
    correlation = x @ y.T
    correlation[flat_x] = 0.5
    correlation[:, flat_y] = 0.5
    correlation[np.ix_(flat_x, flat_y)] = 1
    return 2 * M * (1 - correlation)


train, test = series(300, 2, [(0, 100, 130), (1, 200, 220)]), series(180, 2, [(0, 40, 70)])
left = stumpy.stump(test[:, 0], M)[:, 2].astype(int)
pairs = sum(squares(test[:, j], train[:, j]) for j in range(2))
own = squares(test[:, 0], test[:, 0])
zone = int(np.ceil(M / 4))
count = len(train) - M + 1
near = np.abs(np.subtract.outer(np.arange(count), np.arange(count))) <= zone
among = np.where(near, np.inf, sum(squares(train[:, j], train[:, j]) for j in range(2)))
# STUMPY gives the position of the left neighbour, not its distance.
left_distance = [None if j < 0 else float(np.sqrt(max(0, own[i, j]))) for i, j in enumerate(left)]
out = {
    "m": M, "zone": zone, "train": train.ravel().tolist(), "test": test.ravel().tolist(),
    "profiles": [stumpy.stump(test[:, j], M, train[:, j], ignore_trivial=False)[:, 0].astype(float).tolist() for j in range(2)],
    "left": left_distance,
    "self": [stumpy.stump(train[:, j], M)[:, 0].astype(float).tolist() for j in range(2)],
    "selfJoint": np.sqrt(among.min(axis=1) / 2).tolist(),
    "joint": np.sqrt(pairs.min(axis=1) / 2).tolist(),
}
with open(__file__.replace(".py", ".json"), "w") as file:
    json.dump(out, file)
    file.write("\n")
