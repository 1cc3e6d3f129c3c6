"""The peer of `h5tracks import` for CSV: pandas reads the file, and the port of AquaPose's writer writes it frame by frame.

usage: pandas_csv.py PARAMETERS, a JSON object with "command" and what the command takes. Prints a JSON object.
"""
import itertools
import json
import operator
import sys
import time

import h5py
import numpy
import pandas

from aquapose_h5py import Writer

SIDES = ["left", "top", "width", "height"]
OWN = {
    "confidence": "confidence",
    "residual": "reprojection_residual",
    "n_cameras": "n_cameras",
    "confirmed": "is_confirmed",
}


def spent(action):
    """Seconds of the clock and of the CPU."""
    clock, cpu = time.perf_counter(), time.process_time()
    action()
    return {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - cpu}


def read(source):
    """pandas.read_csv alone."""
    return spent(lambda: pandas.read_csv(source))


def convert(source, path, slots):
    return spent(lambda: write_frames(pandas.read_csv(source), path, slots))


def export(source, path):
    """The long table of a tracking file, from h5py through pandas to CSV, or to Parquet where pyarrow is installed."""
    return spent(lambda: write_table(table_of(source), path))


def write_table(table, path):
    if path.endswith(".parquet"):
        table.to_parquet(path, index=False)
    else:
        table.to_csv(path, index=False)


def table_of(source):
    with h5py.File(source) as file:
        group = file["tracking"]
        there = group["fish_id"][:] >= 0
        columns = {"frame": numpy.repeat(group["frame_index"][:], there.sum(axis=1)), "id": group["fish_id"][:][there]}
        for i, name in enumerate("xyz"):
            columns[name] = group["centroid_3d"][:, :, i][there]
        for name, dataset in OWN.items():
            columns[name] = group[dataset][:][there]
        for camera in group.attrs["camera_names"]:
            columns[f"{camera}_det_index"] = group[f"camera_assignments/{camera}"][:][there]
        for camera in group.attrs["camera_names"]:
            boxes = group[f"bboxes/{camera}"][:][there]
            for i, side in enumerate(SIDES):
                columns[f"{camera}_{side}"] = boxes[:, i]
    return pandas.DataFrame(columns)


def same(paths):
    """Whether two CSV files hold the same float32 numbers. Cells that are not known may be -1 in one of them."""
    one, other = (pandas.read_csv(path) for path in paths)
    if list(one.columns) != list(other.columns):
        return {"differing": sorted(set(one.columns) ^ set(other.columns))}
    numbers = lambda column: column.astype("float32").fillna(-1).to_numpy()
    return {"differing": [name for name in one if not numpy.array_equal(numbers(one[name]), numbers(other[name]))]}


def write_frames(table, path, slots):
    place = {name: i for i, name in enumerate(table.columns)}
    cameras = [name[: -len("_det_index")] for name in place if name.endswith("_det_index")]
    detections = [(camera, place[camera + "_det_index"]) for camera in cameras]
    boxes = [(camera, [place[f"{camera}_{side}"] for side in SIDES]) for camera in cameras]

    def track(row):
        # An empty cell is NaN, the only value that differs from itself.
        position = [row[place[axis]] for axis in ("x_cm", "y_cm", "z_cm")]
        return {
            "fishId": row[place["id"]],
            "centroid3d": None if position[0] != position[0] else position,
            "confidence": row[place["confidence"]],
            "reprojectionResidual": row[place["residual_px"]],
            "nCameras": row[place["n_cameras"]],
            "isConfirmed": row[place["confirmed"]],
            "cameraDetections": {camera: row[i] for camera, i in detections if row[i] == row[i]},
            "bboxes": {camera: [row[i] for i in sides] for camera, sides in boxes if row[sides[0]] == row[sides[0]]},
        }

    writer = Writer(path, cameras, slots)
    rows = table.itertuples(index=False, name=None)
    for frame, group in itertools.groupby(rows, key=operator.itemgetter(place["frame"])):
        writer.write_frame(frame, [track(row) for row in group])
    writer.close()


def versions():
    return {"pandas": pandas.__version__}


COMMANDS = {f.__name__: f for f in (read, convert, export, same, versions)}

if __name__ == "__main__":
    parameters = json.loads(sys.argv[1])
    print(json.dumps(COMMANDS[parameters.pop("command")](**parameters)))
