"""Read a tracking file as AquaPose's consumers do, by the dataset names they know, and print the values as JSON.

usage: aquapose_reader.py FILE.h5

Prints {"camera_names": [...], "arrays": {name: {"dtype": ..., "shape": [...], "data": [...]}}}; NaN is printed as null.
"""
import json
import sys

import h5py
import numpy as np

FIELDS = ["frame_index", "fish_id", "centroid_3d", "confidence", "reprojection_residual", "n_cameras", "is_confirmed"]


def read_tracking_results(path):
    with h5py.File(path, "r") as file:
        group = file["tracking"]
        cameras = list(group.attrs["camera_names"])
        results = {name: group[name][()] for name in FIELDS}
        for kind in ("camera_assignments", "bboxes"):
            results[kind] = {camera: group[kind][camera][()] for camera in cameras}
        results["camera_names"] = cameras
        return results


def printable(array):
    values = array.ravel().tolist()
    if array.dtype.kind == "f":
        values = [None if np.isnan(value) else value for value in values]
    if array.dtype == np.int64:
        values = [str(value) for value in values]
    return {"dtype": array.dtype.str, "shape": list(array.shape), "data": values}


def main():
    results = read_tracking_results(sys.argv[1])
    arrays = {name: printable(results[name]) for name in FIELDS}
    for kind in ("camera_assignments", "bboxes"):
        arrays[kind] = {camera: printable(array) for camera, array in results[kind].items()}
    print(json.dumps({"camera_names": results["camera_names"], "arrays": arrays}))


main()
