"""Compares many tracking files with the frames that were written, in one process: JSON requests and answers, one a line.

{"model": KEY, "cameras": [...], "slots": S, "frames": [...]}  stores the frames that files of that key begin with
{"file": PATH, "model": KEY}  -> {"rows": N} when the file is these frames' first N, field by field, else {"wrong": TEXT}
"""
import json
import sys

import h5py
import numpy as np


def columns_of(request):
    """The content of each dataset after all the frames: {name: array}, with the names and blanks of the format."""
    cameras, slots, frames = request["cameras"], request["slots"], request["frames"]
    rows = [sorted(frame["tracks"], key=lambda fish: fish["fishId"]) for frame in frames]

    def column(dtype, absent, value):
        values = np.empty((len(rows), slots) + np.shape(absent), dtype)
        values[...] = absent
        for place, row in enumerate(rows):
            for slot, fish in enumerate(row):
                values[place, slot] = value(fish)
        return values

    columns = {
        "frame_index": np.array([int(frame["frameIndex"]) for frame in frames], "<i8"),
        "fish_id": column("<i4", -1, lambda fish: fish["fishId"]),
        "centroid_3d": column("<f4", [np.nan] * 3, lambda fish: fish["centroid3d"]),
        "confidence": column("<f4", -1, lambda fish: fish["confidence"]),
        "reprojection_residual": column("<f4", -1, lambda fish: fish["reprojectionResidual"]),
        "n_cameras": column("<i4", 0, lambda fish: fish["nCameras"]),
        "is_confirmed": column("bool", False, lambda fish: fish["isConfirmed"]),
    }
    for name in cameras:
        columns["camera_assignments/" + name] = column("<i4", -1, lambda fish: fish["cameraDetections"].get(name, -1))
        columns["bboxes/" + name] = column("<i4", [-1] * 4, lambda fish: fish["bboxes"].get(name, [-1] * 4))
    return columns


def compare(path, columns):
    with h5py.File(path, "r") as file:
        group = file["tracking"]
        lengths = {name: len(group[name]) for name in columns}
        if len(set(lengths.values())) != 1:
            return {"wrong": "datasets of different lengths: %r" % lengths}
        count = lengths["frame_index"]
        for name, expected in columns.items():
            found, expected = group[name][()], expected[:count]
            if found.dtype != expected.dtype or found.shape != expected.shape:
                return {"wrong": "%s is %s %s, not %s %s" % (name, found.dtype, found.shape, expected.dtype, expected.shape)}
            differs = (found != expected) & ~((found != found) & (expected != expected))
            if differs.any():
                where = tuple(int(i) for i in np.argwhere(differs)[0])
                return {"wrong": "%s%r is %r, not %r" % (name, list(where), found[where], expected[where])}
        return {"rows": count}


models = {}
for line in sys.stdin:
    request = json.loads(line)
    if "frames" in request:
        models[request["model"]] = columns_of(request)
        continue
    try:
        answer = compare(request["file"], models[request["model"]])
    except Exception as error:
        answer = {"wrong": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(answer), flush=True)
