"""Loads a registered model by its alias and prints its answer to rows of raw features (a JSON file), by column."""

import json
import sys

import mlflow.pyfunc
import pandas

model = mlflow.pyfunc.load_model(f"models:/{sys.argv[1]}@{sys.argv[2]}")
with open(sys.argv[3]) as file:
    rows = json.load(file)
types = {column.name: column.type.to_pandas() for column in model.metadata.get_input_schema()}
answer = model.predict(pandas.DataFrame(rows).astype(types))
print(json.dumps({name: answer[name].tolist() for name in answer.columns}))
