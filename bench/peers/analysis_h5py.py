"""Writes an analysis file as SLEAP does: walking animals, float32 predictions in float64 datasets, gzip 9."""

import json
import sys

import h5py
import numpy as np

given = json.loads(sys.argv[1])
frames, tracks, nodes = given['frames'], given['tracks'], given['nodes']
random = np.random.default_rng(1)


def steps(shape): return (300 + np.cumsum(random.normal(0, 1, shape), axis=-1)).astype('f4').astype('f8')
def scores(shape): return random.random(shape).astype('f4').astype('f8')


with h5py.File(given['path'], 'w') as f:
  matrices = {
    'tracks': (steps((tracks, 2, nodes, frames)), ['track', 'xy', 'node', 'frame']),
    'point_scores': (scores((tracks, nodes, frames)), ['track', 'node', 'frame']),
    'instance_scores': (scores((tracks, frames)), ['track', 'frame']),
    'tracking_scores': (scores((tracks, frames)), ['track', 'frame']),
    'track_occupancy': (np.ones((frames, tracks), 'u1'), ['frame', 'track']),
  }
  for name, (values, axes) in matrices.items():
    dataset = f.create_dataset(name, data=values, compression='gzip', compression_opts=9)
    dataset.attrs['dims'] = json.dumps(axes)
  f['node_names'] = np.array([f'node {i}' for i in range(nodes)], 'S')
  f['track_names'] = np.array([f'animal {i}' for i in range(tracks)], 'S')
  f['edge_names'] = np.array([['node 0', 'node 1']], 'S')
  f['edge_inds'] = np.array([[0, 1]])
  f['video_path'], f['labels_path'], f['provenance'], f['video_ind'] = 'clip.mp4', '', '{}', 0
print(json.dumps({'bytes': sum(values.nbytes for values, _ in matrices.values())}))
