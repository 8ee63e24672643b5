"""Loads a registered model by its alias as MLflow's users do; prints what it predicts for three rows."""

import json
import sys

import mlflow
import numpy

model = mlflow.pyfunc.load_model(f"models:/{sys.argv[1]}@{sys.argv[2]}")
rows = numpy.arange(200.0).reshape(100, 2)[[0, 50, 99]]
version = mlflow.MlflowClient().get_model_version_by_alias(sys.argv[1], sys.argv[2])
print(
    json.dumps(
        {
            "predictions": [float(value) for value in model.predict(rows)],
            "version": int(version.version),
            "stage": version.current_stage,
            "tags": version.tags,
            "description": version.description,
        }
    )
)
