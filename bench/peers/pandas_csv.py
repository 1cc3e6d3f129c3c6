"""The peer of `h5tracks import` for CSV: pandas reads the file, and the port of AquaPose's writer writes it frame by frame.

usage: pandas_csv.py PARAMETERS, a JSON object with "command" and what the command takes. Prints a JSON object.
"""
import itertools
import json
import operator
import sys
import time

import pandas

from aquapose_h5py import Writer

SIDES = ["left", "top", "width", "height"]


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


COMMANDS = {f.__name__: f for f in (read, convert, versions)}

if __name__ == "__main__":
    parameters = json.loads(sys.argv[1])
    print(json.dumps(COMMANDS[parameters.pop("command")](**parameters)))
