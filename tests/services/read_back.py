"""Prints a run as MLflow's own Python client sees it."""

import json
import sys

from mlflow import MlflowClient

client = MlflowClient()
run = client.get_run(sys.argv[1])
files = []
folders = [""]
while folders:
    for entry in client.list_artifacts(run.info.run_id, folders.pop() or None):
        (folders if entry.is_dir else files).append(entry.path)
print(
    json.dumps(
        {
            "experiment": client.get_experiment(run.info.experiment_id).name,
            "name": run.info.run_name,
            "status": run.info.status,
            "started": run.info.start_time,
            "ended": run.info.end_time,
            "params": run.data.params,
            "metrics": run.data.metrics,
            "curve": [[m.step, m.value] for m in client.get_metric_history(run.info.run_id, "loss")],
            "tags": {key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.")},
            "files": sorted(files),
        }
    )
)
