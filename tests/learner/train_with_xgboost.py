"""Trains the task in a folder with Python's xgboost and predicts with both models.

Reads task.json, features.f64 (column-major), labels.f32, weights.f32 and ours.json (the model to compare
with); writes theirs.json, theirs.f64 and ours.f64 (raw scores of all rows) and contributions.f64
(ours.json's contributions to the first 500 rows).
"""

import json
import pathlib
import sys

import numpy
import xgboost

folder = pathlib.Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())
features = numpy.fromfile(folder / "features.f64").reshape((task["rows"], task["columns"]), order="F")
labels = numpy.fromfile(folder / "labels.f32", dtype=numpy.float32)
weights = numpy.fromfile(folder / "weights.f32", dtype=numpy.float32)
types = ["c" if column in task["categorical"] else "float" for column in range(task["columns"])]


def matrix(rows):
    return xgboost.DMatrix(
        features[rows],
        label=labels[rows],
        weight=weights[rows],
        feature_names=task["featureNames"],
        feature_types=types,
        enable_categorical=True,
    )


theirs = xgboost.train(
    {**task["parameters"], "objective": "binary:logistic", "tree_method": "hist", "seed": task["seed"]},
    matrix(task["trainRows"]),
    num_boost_round=task["rounds"],
    evals=[(matrix(task["stopRows"]), "stop")],
    early_stopping_rounds=task["earlyStoppingRounds"],
    verbose_eval=False,
)
theirs = theirs[: theirs.best_iteration + 1]
theirs.save_model(folder / "theirs.json")
everything = matrix(range(task["rows"]))
theirs.predict(everything, output_margin=True).astype(float).tofile(folder / "theirs.f64")
ours = xgboost.Booster(model_file=folder / "ours.json")
ours.predict(everything, output_margin=True).astype(float).tofile(folder / "ours.f64")
ours.predict(matrix(range(500)), pred_contribs=True).astype(float).tofile(folder / "contributions.f64")
