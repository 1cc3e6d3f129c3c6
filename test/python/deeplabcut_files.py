"""Writes tables as DeepLabCut does, and prints what pandas reads from them: folder -> { name: { columns, index, values } }."""

import json
import sys
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings('ignore')
folder = sys.argv[1]
rng = np.random.default_rng(3)
DLC = 'DLC_resnet50_clipshuffle1_1000'


def frame(columns, names, index, digits='float32'):
  values = rng.normal(300, 100, (len(index), len(columns)))
  if digits == 'float32': values = values.astype('f4').astype('f8')
  values[rng.random(values.shape) < 0.15] = np.nan
  if len(index) > 2: values[2] = np.nan
  return pd.DataFrame(values, index=index, columns=pd.MultiIndex.from_tuples(columns, names=names))


SINGLE, MULTI = ['scorer', 'bodyparts', 'coords'], ['scorer', 'individuals', 'bodyparts', 'coords']
single = [(DLC, part, coord) for part in ('nose', 'left ear', 'tail') for coord in ('x', 'y', 'likelihood')]
multi = [(DLC, who, part, coord) for who in ('m1', 'm2') for part in ('nose', 'tail') for coord in ('x', 'y', 'likelihood')]
unique = [(DLC, 'single', part, coord) for part in ('corner', 'nose') for coord in ('x', 'y', 'likelihood')]
space = [('DLC_3D', part, coord) for part in ('nose', 'tail') for coord in ('x', 'y', 'z')]
labelled = [('Ann', part, coord) for part in ('nose', 'tail') for coord in ('x', 'y')]
paths = [f'labeled-data/clip/img{n:04d}.png' for n in (3, 8, 120, 121)]
levels = pd.MultiIndex.from_tuples([('labeled-data', 'clip', f'img{n:04d}.png') for n in (3, 8, 120, 121)])

tables = {
  'single': frame(single, SINGLE, range(40)),
  'multi': frame(multi, MULTI, range(40)),
  'unique': frame(multi + unique, MULTI, range(40)),
  'shuffled': frame([multi[i] for i in (5, 0, 7, 2, 1, 3, 4, 6, 11, 10, 9, 8)], MULTI, range(9)),
  'space': frame(space, SINGLE, range(12), 'float64'),
  'late': frame(single, SINGLE, [5, 6, 9, 1000]),
  'images': frame(labelled, SINGLE, paths, 'float64'),
  'levels': frame(labelled, SINGLE, levels),
  'several': frame(multi, MULTI, [f'labeled-data/{video}/img{n:02d}.png' for video in ('a', 'b') for n in (1, 2, 3)]),
}
for name, table in tables.items():
  table.to_csv(f'{folder}/{name}.csv')
  table.to_hdf(f'{folder}/{name}_fixed.h5', key='df_with_missing', mode='w')
  # pandas refuses levels along both axes in this form.
  if name != 'levels': table.to_hdf(f'{folder}/{name}_table.h5', key='df_with_missing', mode='w', format='table')
tables['single'].to_hdf(f'{folder}/zlib_fixed.h5', key='tracks', mode='w', complib='zlib', complevel=5)
tables['single'].to_hdf(f'{folder}/zlib_table.h5', key='tracks', mode='w', format='table', complib='zlib', complevel=5)
mixed = tables['single'].astype({column: 'float32' for column in single if column[2] == 'likelihood'})
mixed.to_hdf(f'{folder}/mixed_fixed.h5', key='df', mode='w')
mixed.to_hdf(f'{folder}/mixed_table.h5', key='df', mode='w', format='table')
tables['single'].rename_axis(index='frame').to_csv(f'{folder}/named.csv')
tables['single'].to_csv(f'{folder}/packed.csv.gz')


def seen(table):
  columns = [list(map(str, column)) for column in table.columns]
  index = ['/'.join(map(str, i)) if isinstance(i, tuple) else i if isinstance(i, str) else int(i) for i in table.index]
  values = [[None if np.isnan(v) else float(v) for v in row] for row in table.to_numpy()]
  return {'names': list(table.columns.names), 'columns': columns, 'index': index, 'values': values}


def read(path, name):
  if path.endswith('.h5'): return pd.read_hdf(path)
  rows = 3 if name in ('single', 'space', 'late', 'images', 'levels', 'named', 'packed') else 4
  index = [0, 1, 2] if name == 'levels' else 0
  return pd.read_csv(path, header=list(range(rows)), index_col=index, float_precision='round_trip')


import os
found = {}
for file in sorted(os.listdir(folder)):
  name = file.split('.')[0].split('_')[0]
  found[file] = seen(read(f'{folder}/{file}', name))
print(json.dumps(found))
