"""Trains the task in a folder with Python's lightgbm and predicts with both models.

Reads task.json, features.f64 (column-major), labels.f32, weights.f32, ours.txt and forest.txt (the model
texts to compare with); writes theirs.txt, theirs.f64, ours.f64, forest-ours.f64 (raw scores of all rows),
forest-theirs.f64 (probabilities) and contributions.f64 (ours.txt's contributions to the first 500 rows).
"""

import json
import pathlib
import sys

import lightgbm
import numpy

folder = pathlib.Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())
features = numpy.fromfile(folder / "features.f64").reshape(
    (task["rows"], task["columns"]), order="F"
)
labels = numpy.fromfile(folder / "labels.f32", dtype=numpy.float32)
weights = numpy.fromfile(folder / "weights.f32", dtype=numpy.float32)


def dataset(rows, reference=None):
    return lightgbm.Dataset(
        features[rows],
        label=labels[rows],
        weight=weights[rows],
        reference=reference,
        feature_name=task["featureNames"],
        categorical_feature=task["categorical"],
        params=task["parameters"],
    )


train = dataset(task["trainRows"])
theirs = lightgbm.train(
    task["parameters"],
    train,
    num_boost_round=task["rounds"],
    valid_sets=[dataset(task["stopRows"], train)],
    callbacks=[
        lightgbm.early_stopping(task["earlyStoppingRounds"], first_metric_only=True, verbose=False)
    ],
)
(folder / "theirs.txt").write_text(theirs.model_to_string(num_iteration=theirs.best_iteration))
theirs.predict(features, raw_score=True, num_iteration=theirs.best_iteration).tofile(folder / "theirs.f64")
ours = lightgbm.Booster(model_str=(folder / "ours.txt").read_text())
ours.predict(features, raw_score=True).tofile(folder / "ours.f64")
ours.predict(features[:500], pred_contrib=True).tofile(folder / "contributions.f64")

# The forest of the learner's defaults, with positives weighted twice.
forest = lightgbm.train(
    {
        **{"objective": "binary", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.63},
        **{"feature_fraction_bynode": 0.4, "num_leaves": 128, "min_data_in_leaf": 10},
        **{"min_sum_hessian_in_leaf": 0, "scale_pos_weight": 2, "seed": task["seed"], "verbosity": -1},
        **{"deterministic": True, "force_row_wise": True, "num_threads": 1},
    },
    lightgbm.Dataset(
        features[task["trainRows"]],
        label=labels[task["trainRows"]],
        weight=weights[task["trainRows"]],
        feature_name=task["featureNames"],
        categorical_feature=task["categorical"],
    ),
    num_boost_round=50,
)
forest.predict(features).tofile(folder / "forest-theirs.f64")
ours = lightgbm.Booster(model_str=(folder / "forest.txt").read_text())
ours.predict(features, raw_score=True).tofile(folder / "forest-ours.f64")
