"""Print the values of the animals in a file of h5tracks as JSON: {field: [frame][animal](values)}, NaN as null.

usage: tracks_of.py FILE.h5 GROUP FIELD...

The slots of a frame are sorted out by the key of the animal; animals that are not in a frame have NaN.
"""
import json
import sys

import h5py
import numpy as np

path, group, *fields = sys.argv[1:]


def plain(values):
    if isinstance(values, list):
        return [plain(value) for value in values]
    return None if isinstance(values, float) and not np.isfinite(values) else values


with h5py.File(path) as f:
    g = f[group]
    name = "animal_id" if "animal_id" in g else "individual"
    key = g[name][:]
    count = key.max() + 1 if key.size else 0
    out = {}
    for field in fields:
        data = g[field][:]
        if data.ndim < 2 or data.shape[1] != key.shape[1]:
            out[field] = plain(data.tolist())
            continue
        whole = np.full((len(key), count) + data.shape[2:], np.nan)
        for frame, slots in enumerate(key):
            for slot, animal in enumerate(slots):
                if animal >= 0:
                    whole[frame, animal] = data[frame, slot]
        out[field] = plain(whole.tolist())
    print(json.dumps(out))
