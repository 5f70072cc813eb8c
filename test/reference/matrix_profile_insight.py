"""Expected numbers of src/core/detectors/matrix-profile/insight.test.ts, from STUMPY 1.13.0 and NumPy 2.4.6.

python -m venv env && env/bin/pip install stumpy==1.13.0 numpy==2.4.6 && env/bin/python matrix_profile_insight.py

Inputs are float32 values taken as float64. Discords: the largest values of the profile against the training series, each at least a
window away from those before; of two tags the root mean square of both profiles. Motifs: the smallest value of the profile of the
training series with itself, then STUMPY's matches of its first window within twice that distance; the rows of all of them become NaN
before the next motif is sought, so that no later window can share a row with them.
"""
import json
import numpy as np
import stumpy

random = np.random.RandomState(11)
M = 16
DISCORDS, MOTIFS = 4, 4
# The smallest exclusion zone in which two windows share no row: ceil(M / DENOM) = M - 1.
stumpy.config.STUMPY_EXCL_ZONE_DENOM = M / (M - 1) + 1e-9
assert int(np.ceil(M / stumpy.config.STUMPY_EXCL_ZONE_DENOM)) == M - 1


def series(n, c):
    t = np.arange(n)
    x = np.stack([np.sin(2 * np.pi * t / (21 + 8 * j)) * (1 + 0.5 * np.sin(t / 50)) + 0.3 * random.standard_normal(n) for j in range(c)], 1)
    return (5 * x).astype(np.float32).astype(np.float64)


def discords(profile):
    left, found = profile.copy(), []
    for _ in range(DISCORDS):
        at = int(np.argmax(left))
        found.append([at, float(left[at])])
        left[max(0, at - M + 1):at + M] = -np.inf
    return found


def motifs(values):
    left, found = values.copy(), []
    for _ in range(MOTIFS):
        profile = stumpy.stump(left, M)[:, 0].astype(float)
        first = int(np.argmin(profile))
        if not np.isfinite(profile[first]):
            break
        matches = stumpy.match(left[first:first + M].copy(), left, max_distance=2 * profile[first] + 1e-9, max_matches=None)
        positions = [int(at) for _, at in matches]
        assert positions[0] == first
        found.append({"distance": float(profile[first]), "positions": positions})
        for at in positions:
            left[at:at + M] = np.nan
    return found


train, test = series(300, 2), series(220, 2)
joins = [stumpy.stump(test[:, j], M, train[:, j], ignore_trivial=False) for j in range(2)]
profiles = [join[:, 0].astype(float) for join in joins]
out = {
    "m": M, "train": train.ravel().tolist(), "test": test.ravel().tolist(),
    "one": [[at, distance, int(joins[0][at, 1])] for at, distance in discords(profiles[0])],
    "two": [
        [at, distance, [float(p[at]) for p in profiles], [int(join[at, 1]) for join in joins]]
        for at, distance in discords(np.sqrt((profiles[0] ** 2 + profiles[1] ** 2) / 2))
    ],
    "motifs": motifs(train[:, 1]),
}
with open(__file__.replace(".py", ".json"), "w") as file:
    json.dump(out, file)
    file.write("\n")
