"""Expected numbers of src/core/detectors/feature-bagging.test.ts, from PyOD 3.6.7, scikit-learn 1.9.1 and NumPy 2.4.6.

python -m venv env && env/bin/pip install pyod==3.6.7 scikit-learn==1.9.1 numpy==2.4.6 && env/bin/python feature_bagging.py

Inputs are float32 values taken as float64. Neighbours are searched with a tree, because the brute force of scikit-learn loses digits.
"""
import json
import numpy as np
from pyod.models.feature_bagging import FeatureBagging
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import LocalOutlierFactor

SEEDS = 20
random = np.random.RandomState(5)
n, d, k = 240, 12, 20


def rows(count):
    # Four related columns among noise.
    hidden = random.standard_normal((count, 2))
    values = random.standard_normal((count, d))
    values[:, :4] = hidden @ MIXING + 0.2 * values[:, :4]
    return values.astype(np.float32).astype(np.float64)


MIXING = random.standard_normal((2, 4))
train, test = rows(n), rows(80)
label = np.zeros(80, int)
label[::5] = 1
# The outliers break the relation of the four columns a little.
test[::5, :4] += 1.6 * random.standard_normal((16, 4))
test = test.astype(np.float32).astype(np.float64)

subsets = [sorted(random.permutation(d)[: random.randint(d // 2, d)].tolist()) for _ in range(4)]
standardised = []
for subset in subsets:
    known = LocalOutlierFactor(n_neighbors=k, algorithm="kd_tree").fit(train[:, subset])
    normal = -known.negative_outlier_factor_
    new = LocalOutlierFactor(n_neighbors=k, novelty=True, algorithm="kd_tree").fit(train[:, subset])
    standardised.append((-new.score_samples(test[:, subset]) - normal.mean()) / normal.std())

scores = [FeatureBagging(n_estimators=10, random_state=seed).fit(train).decision_function(test) for seed in range(SEEDS)]
middle = np.mean(scores, axis=0)
out = {
    "d": d, "k": k, "train": train.ravel().tolist(), "test": test.ravel().tolist(), "label": label.tolist(),
    "subsets": subsets, "mean": np.mean(standardised, axis=0).tolist(), "maximum": np.max(standardised, axis=0).tolist(),
    "pyod": {
        "scores": middle.tolist(),
        "auc": sorted(roc_auc_score(label, score) for score in scores),
        # Of each seed with the mean of all seeds.
        "spearman": sorted(float(spearmanr(score, middle)[0]) for score in scores),
    },
}
print(out["pyod"]["auc"], out["pyod"]["spearman"])
with open(__file__.replace(".py", ".json"), "w") as file:
    json.dump(out, file)
    file.write("\n")
