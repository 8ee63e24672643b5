"""Neighbours and distances of imbalanced-learn, for the rows on standard input."""
import json
import sys

import numpy as np
from imblearn.over_sampling import SMOTE, SMOTENC

given = json.load(sys.stdin)
rows = np.array(given["rows"], dtype=float)
categorical = given["categorical"]
neighbours = given["neighbours"]
# The minority class, and a majority far away that no neighbour comes from.
majority = np.vstack([rows[: len(rows)] for _ in range(3)])
table = np.vstack([rows, majority])
labels = np.array([1] * len(rows) + [0] * len(majority))

class Recorded(SMOTENC if categorical else SMOTE):
    def _make_samples(self, X, y_dtype, y_type, nn_data, nn_num, n_samples, *rest, **named):
        self.recorded = np.asarray(nn_num).tolist()
        return super()._make_samples(X, y_dtype, y_type, nn_data, nn_num, n_samples, *rest, **named)

options = {"k_neighbors": neighbours, "random_state": 0}
sampler = Recorded(categorical_features=categorical, **options) if categorical else Recorded(**options)
sampler.fit_resample(table, labels)
median = float(sampler.median_std_[1]) if categorical else None
json.dump({"neighbours": sampler.recorded, "median_deviation": median}, sys.stdout)
