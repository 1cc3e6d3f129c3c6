"""Prints what pandas reads from tables of DeepLabCut: { path: { names, columns, index, values } }."""

import json
import sys

import numpy as np
import pandas as pd

found = {}
for path in sys.argv[1:]:
  if path.endswith('.h5'):
    table = pd.read_hdf(path)
  else:
    with open(path) as file: rows = sum(line.split(',')[0] in ('scorer', 'individuals', 'bodyparts', 'coords') for line in file.readlines()[:4])
    table = pd.read_csv(path, header=list(range(rows)), index_col=0, float_precision='round_trip')
  found[path] = {
    'names': list(table.columns.names),
    'columns': [list(map(str, column)) for column in table.columns],
    'index': [i if isinstance(i, str) else int(i) for i in table.index],
    'values': [[None if np.isnan(v) else float(v) for v in row] for row in table.to_numpy()],
  }
print(json.dumps(found))
