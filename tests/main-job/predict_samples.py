"""Predicts the stored samples of a model folder with Python's lightgbm.

Reads model.txt and samples.json of the folder given and prints the raw scores as JSON.
"""

import json
import pathlib
import sys

import lightgbm
import numpy

folder = pathlib.Path(sys.argv[1])
samples = json.loads((folder / "samples.json").read_text())
values = numpy.array([sample["values"] for sample in samples], dtype=float)
booster = lightgbm.Booster(model_file=str(folder / "model.txt"))
print(json.dumps(booster.predict(values, raw_score=True).tolist()))
