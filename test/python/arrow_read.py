"""Prints the rows of an Arrow file: as pyarrow reads them, and the answer of DuckDB over it to a query."""

import json
import sys

import duckdb
import pyarrow as pa

path, query = sys.argv[1:]
with pa.memory_map(path) as file:
  table = (pa.ipc.open_stream(file) if path.endswith('.arrows') else pa.ipc.open_file(file)).read_all()
  table.validate(full=True)
  print(json.dumps({'rows': table.to_pylist(), 'answer': duckdb.sql(query).fetchall()}))
