"""Deletes the experiment of a run."""

import sys

from mlflow import MlflowClient

client = MlflowClient()
client.delete_experiment(client.get_run(sys.argv[1]).info.experiment_id)
print("null")
