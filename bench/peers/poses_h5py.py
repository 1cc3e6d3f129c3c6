"""The h5py peer for poses: what users of SLEAP and DeepLabCut write. Buffers of 1000 frames, gzip 4.

usage: poses_h5py.py PARAMETERS, a JSON object with "command" and what the command takes. Prints a JSON object.
"""
import json
import os
import sys
import time

import h5py
import numpy as np

CHUNK = 1000


class Writer:
    """Copies the arrays of each animal into a buffer, and appends full buffers to the file."""

    def __init__(self, path, animals, nodes):
        self.file = h5py.File(path, "w")
        self.used = 0
        group = self.file.create_group("poses")
        self.columns = []

        def column(name, row, dtype, fill):
            dataset = group.create_dataset(
                name, (0,) + row, dtype, maxshape=(None,) + row, chunks=(CHUNK,) + row, fillvalue=fill,
                compression="gzip", compression_opts=4)
            buffer = np.full((CHUNK,) + row, fill, dtype)
            self.columns.append((dataset, buffer, fill))
            return buffer

        self.frame_index = column("frame_index", (), "int64", 0)
        self.time = column("time", (), "float64", np.nan)
        self.animal_id = column("animal_id", (animals,), "int32", -1)
        self.keypoints = column("keypoints", (animals, nodes, 2), "float32", np.nan)
        self.score = column("score", (animals, nodes), "float32", np.nan)

    def write_frame(self, index, seconds, animals):
        i = self.used
        self.frame_index[i] = index
        self.time[i] = seconds
        for slot, (animal_id, keypoints, score) in enumerate(animals):
            self.animal_id[i, slot] = animal_id
            self.keypoints[i, slot] = keypoints
            self.score[i, slot] = score
        self.used += 1
        if self.used == CHUNK:
            self.flush()

    def flush(self):
        n = self.used
        for dataset, buffer, fill in self.columns:
            length = dataset.shape[0]
            dataset.resize(length + n, axis=0)
            dataset[length:] = buffer[:n]
            buffer[...] = fill
        self.file.flush()
        self.used = 0

    def close(self):
        if self.used:
            self.flush()
        self.file.close()


def write(path, source, frames):
    with open(source) as lines:
        header = json.loads(next(lines))
        given = []
        for line in lines:
            frame = json.loads(line)
            animals = [
                (a["animalId"], np.array(a["keypoints"], "f4").reshape(-1, 2), np.array(a["score"], "f4"))
                for a in frame["animals"]]
            given.append((frame["time"], animals))
    start = time.perf_counter()
    writer = Writer(path, header["animals"], header["nodes"])
    for index in range(frames):
        writer.write_frame(index, *given[index % len(given)])
    writer.close()
    return {"seconds": time.perf_counter() - start}


def compare(path, others):
    """Names of the datasets of the others that differ; NaN equals NaN."""
    differing = []
    with h5py.File(path, "r") as ours:
        for other in others:
            with h5py.File(other, "r") as theirs:
                for name in ("frame_index", "time", "animal_id", "keypoints", "score"):
                    a, b = ours["poses"][name][()], theirs["poses"][name][()]
                    if not np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
                        differing.append(f"{name} of {other}")
    return {"differing": differing, "bytes": [os.path.getsize(p) for p in [path, *others]]}


COMMANDS = {f.__name__: f for f in (write, compare)}
parameters = json.loads(sys.argv[1])
print(json.dumps(COMMANDS[parameters.pop("command")](**parameters)))
