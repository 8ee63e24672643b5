"""Loads model folders with MLflow and predicts with them, for the tests beside it.

Reads a list of questions from standard input, each with `folder`, `rows` (feature values by name) and, where its
booster is asked too, `flavor` and `values` (encoded rows, null for missing). Prints a list of answers.
"""

import importlib
import json
import logging
import sys

import mlflow.pyfunc
import numpy
import pandas


class Kept(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def refusal(predict, frame):
    try:
        predict(frame)
    except Exception as error:
        return str(error)
    return None


def plain(frame):
    return {name: frame[name].tolist() for name in frame.columns}


def of_booster(folder, flavor, values):
    matrix = numpy.array(values, dtype=float)
    booster = importlib.import_module(f"mlflow.{flavor}").load_model(folder)
    if flavor == "lightgbm":
        return booster.predict(matrix, raw_score=True).tolist()
    return booster.inplace_predict(matrix.astype(numpy.float32), predict_type="margin").tolist()


def answer(question):
    folder, rows = question["folder"], question["rows"]
    kept = Kept()
    logging.getLogger("mlflow").addHandler(kept)
    try:
        model = mlflow.pyfunc.load_model(folder)
    finally:
        logging.getLogger("mlflow").removeHandler(kept)
    # Whole numbers and columns without any value have other types than the signature.
    types = {column.name: column.type.to_pandas() for column in model.metadata.get_input_schema()}
    frame = pandas.DataFrame(rows).astype(types)
    first = frame.columns[0]
    loader = model._model_impl
    return {
        "answer": plain(model.predict(frame)),
        "reordered": plain(model.predict(frame[frame.columns[::-1]])),
        # As JSON has them, without MLflow's own checks.
        "unchecked": plain(loader.predict(pandas.DataFrame(rows).astype(object))),
        "one": plain(loader.predict(pandas.DataFrame(rows[:1]))),
        "none": plain(loader.predict(frame.iloc[:0])),
        "index": model.predict(frame.set_index(pandas.Index(range(100, 100 + len(frame))))).index.tolist()[0],
        "refusal": refusal(model.predict, frame.drop(columns=first)),
        "refusalOfLoader": refusal(loader.predict, frame.drop(columns=first)),
        "example": plain(model.predict(model.input_example)),
        "warnings": kept.messages,
        "booster": of_booster(folder, question["flavor"], question["values"]) if "flavor" in question else None,
    }


print(json.dumps([answer(question) for question in json.load(sys.stdin)]))
