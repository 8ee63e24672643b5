"""Prints the runs of an experiment as MLflow's own Python client sees them, newest first."""

import json
import sys

from mlflow import MlflowClient

client = MlflowClient()
experiment = client.get_experiment_by_name(sys.argv[1])
runs = []
for run in client.search_runs([experiment.experiment_id]) if experiment is not None else []:
    files = []
    folders = [""]
    while folders:
        for entry in client.list_artifacts(run.info.run_id, folders.pop() or None):
            (folders if entry.is_dir else files).append(entry.path)
    runs.append(
        {
            "id": run.info.run_id,
            "name": run.info.run_name,
            "status": run.info.status,
            "params": run.data.params,
            "metrics": run.data.metrics,
            "tags": {key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.")},
            "files": sorted(files),
        }
    )
models = {
    model.name: {
        "aliases": {alias: int(version) for alias, version in model.aliases.items()},
        "versions": {
            int(version.version): {"stage": version.current_stage, "tags": version.tags, "run": version.run_id}
            for version in client.search_model_versions(f"name = '{model.name}'")
        },
    }
    for model in client.search_registered_models()
}
print(json.dumps({"runs": runs, "models": models}))
