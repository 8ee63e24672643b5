"""Writes a model folder of MLflow with a tiny LightGBM model; prints what it predicts for three rows."""

import json
import pathlib
import sys

import lightgbm
import numpy

folder = pathlib.Path(sys.argv[1])
(folder / "extra" / "deep").mkdir(parents=True)
features = numpy.arange(200.0).reshape(100, 2)
booster = lightgbm.train(
    {"objective": "binary", "num_leaves": 4, "verbose": -1, "num_threads": 1},
    lightgbm.Dataset(features, label=(features[:, 0] > 90).astype(float)),
    num_boost_round=5,
)
booster.save_model(folder / "model.lgb")
(folder / "MLmodel").write_text(
    "flavors:\n"
    "  lightgbm: {data: model.lgb}\n"
    "  python_function: {loader_module: mlflow.lightgbm}\n"
)
(folder / "extra" / "deep" / "name with spaces, & ümlaut +1.bin").write_bytes(bytes(range(256)) * 3)
(folder / "extra" / "empty.txt").write_bytes(b"")
print(json.dumps(booster.predict(features[[0, 50, 99]]).tolist()))
