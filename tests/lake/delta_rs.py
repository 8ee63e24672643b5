"""Reads and writes Delta tables with delta-rs, for the tests of Holdfast's own log.

delta_rs.py read FOLDER [VERSION]   prints what delta-rs sees of a table as one line of JSON
delta_rs.py write FOLDER            makes a partitioned table of twelve versions with a checkpoint,
                                    the commits before it cleaned away
delta_rs.py append FOLDER           appends one row (i = 99, part = 'rs') to a table
delta_rs.py naive FOLDER            makes a table with a timestamp that has no zone
"""

import datetime
import decimal
import json
import os
import sys

import pyarrow
from deltalake import DeltaTable, write_deltalake


def plain(value):
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def read(folder, version=None):
    table = DeltaTable(folder, version=version)
    metadata = table.metadata()
    rows = table.to_pyarrow_table().to_pylist()
    print(
        json.dumps(
            {
                "version": table.version(),
                "protocol": [table.protocol().min_reader_version, table.protocol().min_writer_version],
                "id": str(metadata.id),
                "description": metadata.description,
                "configuration": metadata.configuration,
                "partitionColumns": metadata.partition_columns,
                "schema": json.loads(table.schema().to_json()),
                "rows": [plain(row) for row in rows],
                "history": [plain(commit) for commit in table.history()],
            }
        )
    )


def write(folder):
    for version in range(12):
        rows = {
            "i": pyarrow.array([version], pyarrow.int64()),
            "part": pyarrow.array([None if version % 3 == 0 else f"é a/b=%20 {version % 3}"], pyarrow.string()),
            "day": pyarrow.array([datetime.date(2024, 1, 1 + version % 2)]),
            "at": pyarrow.array(
                [datetime.datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=datetime.timezone.utc)],
                pyarrow.timestamp("us", "UTC"),
            ),
            "money": pyarrow.array([decimal.Decimal("-12.50")], pyarrow.decimal128(10, 2)),
            "tags": pyarrow.array([["x", "y"]]),
        }
        write_deltalake(
            folder,
            pyarrow.table(rows),
            mode="append",
            partition_by=["part", "day"],
            configuration={"delta.logRetentionDuration": "interval 0 seconds"},
        )
    table = DeltaTable(folder)
    table.create_checkpoint()
    table.cleanup_metadata()


def append(folder):
    write_deltalake(folder, pyarrow.table({"i": pyarrow.array([99], pyarrow.int32()), "part": ["rs"]}), mode="append")


def naive(folder):
    stamps = pyarrow.array([datetime.datetime(2024, 1, 1, 12, 30)], pyarrow.timestamp("us"))
    write_deltalake(folder, pyarrow.table({"at": stamps}))


if __name__ == "__main__":
    command, folder, *rest = sys.argv[1:]
    commands = {"read": read, "write": write, "append": append, "naive": naive}
    commands[command](folder, *[int(argument) for argument in rest])
    sys.stdout.flush()
    # delta-rs now and then aborts while the interpreter stops its threads, after all work is done.
    os._exit(0)
