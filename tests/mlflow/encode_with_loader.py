"""Encodes rows with the loader of model folders: reads `features` and `rows`, prints what it makes of each row.

A row is encoded by itself, so that each value keeps its type: an encoded row, null for missing, or a text that says
why it was refused.
"""

import importlib.util
import json
import sys

import numpy
import pandas

specification = importlib.util.spec_from_file_location("holdfast_model", sys.argv[1])
loader = importlib.util.module_from_spec(specification)
specification.loader.exec_module(loader)

question = json.load(sys.stdin)


def encoded(row):
    frame = pandas.DataFrame({name: pandas.Series([value], dtype=object) for name, value in row.items()})
    try:
        values = loader.encode(question["features"], frame)[0]
    except ValueError as error:
        return str(error)
    return [None if numpy.isnan(value) else value for value in values]


print(json.dumps([encoded(row) for row in question["rows"]]))
