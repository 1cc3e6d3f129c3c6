"""The h5py peer: a port of AquaPose's writer and reader, after its file format and its buffering.

usage: aquapose_h5py.py PARAMETERS, a JSON object with "command" and what the command takes. Prints a JSON object.
"""
import gc
import json
import os
import statistics
import sys
import time

import h5py
import numpy as np

CHUNK = 1000
PER_FRAME = {
    "frame_index": ((), "int64", 0),
    "fish_id": ((0,), "int32", -1),
    "centroid_3d": ((0, 3), "float32", np.nan),
    "confidence": ((0,), "float32", -1.0),
    "reprojection_residual": ((0,), "float32", -1.0),
    "n_cameras": ((0,), "int32", 0),
    "is_confirmed": ((0,), "bool", False),
}
PER_CAMERA = {"camera_assignments": ((0,), "int32", -1), "bboxes": ((0, 4), "int32", -1)}


class Writer:
    """Fills a row of every buffer with fill values and then with the fish, frame by frame; appends full buffers to the file."""

    def __init__(self, path, cameras, slots):
        self.file = h5py.File(path, "w")
        self.cameras, self.slots, self.used = cameras, slots, 0
        group = self.file.create_group("tracking")
        group.attrs["camera_names"] = cameras
        self.columns = []
        self.own = {name: self.column(group, name, *how) for name, how in PER_FRAME.items()}
        self.per_camera = {}
        for kind, how in PER_CAMERA.items():
            place = group.create_group(kind)
            self.per_camera[kind] = {camera: self.column(place, camera, *how) for camera in cameras}

    def column(self, group, name, shape, dtype, fill):
        row = tuple(n or self.slots for n in shape)
        dataset = group.create_dataset(
            name, (0,) + row, dtype, maxshape=(None,) + row, chunks=(CHUNK,) + row, fillvalue=fill,
            compression="gzip", compression_opts=4)
        buffer = np.full((CHUNK,) + row, fill, dtype)
        self.columns.append((dataset, buffer, fill))
        return buffer

    def write_frame(self, index, tracks):
        i, own = self.used, self.own
        assignment_buffers, box_buffers = self.per_camera["camera_assignments"], self.per_camera["bboxes"]
        for _, buffer, fill in self.columns:
            buffer[i] = fill
        own["frame_index"][i] = index
        for slot, track in enumerate(sorted(tracks, key=lambda track: track["fishId"])):
            if slot >= self.slots:
                break
            own["fish_id"][i, slot] = track["fishId"]
            if track["centroid3d"] is not None:
                own["centroid_3d"][i, slot] = track["centroid3d"]
            own["confidence"][i, slot] = track["confidence"]
            own["reprojection_residual"][i, slot] = track["reprojectionResidual"]
            own["n_cameras"][i, slot] = track["nCameras"]
            own["is_confirmed"][i, slot] = track["isConfirmed"]
            detections, boxes = track["cameraDetections"], track["bboxes"]
            for camera in self.cameras:
                assignment_buffers[camera][i, slot] = detections.get(camera, -1)
                box = boxes.get(camera)
                if box is not None:
                    box_buffers[camera][i, slot] = np.array(box, dtype=np.int32)
        self.used += 1
        if self.used == CHUNK:
            self.flush()

    def flush(self):
        n = self.used
        if n == 0:
            return
        for dataset, buffer, _ in self.columns:
            length = dataset.shape[0]
            dataset.resize(length + n, axis=0)
            dataset[length:length + n] = buffer[:n]
        self.file.flush()
        self.used = 0

    def close(self):
        self.flush()
        self.file.close()


def write(path, source, frames):
    with open(source) as lines:
        header = json.loads(next(lines))
        tracks = [json.loads(line)["tracks"] for line in lines]
    start = time.perf_counter()
    writer = Writer(path, header["cameras"], header["maxFish"])
    for index in range(frames):
        writer.write_frame(index, tracks[index % len(tracks)])
    writer.close()
    return {"seconds": time.perf_counter() - start}


def load(source):
    with open(source) as text:
        return json.load(text)


def write_recording(path, recording):
    writer = Writer(path, recording["cameras"], recording["maxFish"])
    for index, tracks in recording["frames"]:
        writer.write_frame(index, tracks)
    writer.close()


def recording(path, source):
    """One recording, for the time of the whole process."""
    write_recording(path, load(source))
    return {}


def recordings(path, sources, rounds):
    """Seconds, and processor time, of each round of each recording. The first round is for the warm-up. The last files are kept."""
    loaded = [load(source) for source in sources]
    gc.collect()
    gc.freeze()
    seconds, cpu = [[] for _ in loaded], [[] for _ in loaded]
    for _ in range(rounds):
        for i, one in enumerate(loaded):
            name = f"{path}.{i}.h5"
            if os.path.exists(name):
                os.remove(name)
            start, used = time.perf_counter(), time.process_time()
            write_recording(name, one)
            seconds[i].append(time.perf_counter() - start)
            cpu[i].append(time.process_time() - used)
    return {"seconds": [times[1:] for times in seconds], "cpu": [times[1:] for times in cpu]}


def datasets_of(file):
    """All datasets under /tracking, by path."""
    found = {}
    file["tracking"].visititems(lambda name, item: found.update({name: item} if isinstance(item, h5py.Dataset) else {}))
    return found


def read(path, rounds):
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        with h5py.File(path, "r") as file:
            group = file["tracking"]
            cameras = list(group.attrs["camera_names"])
            results = {name: group[name][()] for name in PER_FRAME}
            for kind in PER_CAMERA:
                results[kind] = {camera: group[kind][camera][()] for camera in cameras}
        seconds.append(time.perf_counter() - start)
    return {"seconds": seconds}


def windows(path, starts, size):
    """Median seconds of a window; file and datasets are already open."""
    with h5py.File(path, "r") as file:
        datasets = list(datasets_of(file).values())
        seconds = []
        for first in starts:
            start = time.perf_counter()
            for dataset in datasets:
                dataset[first:first + size]
            seconds.append(time.perf_counter() - start)
    return {"seconds": statistics.median(seconds)}


def compare(path, others):
    """Names of the datasets that differ in shape or value; NaN equals NaN. Types are not compared."""
    differing = []
    with h5py.File(path, "r") as file:
        ours = datasets_of(file)
        for other in others:
            with h5py.File(other, "r") as theirs:
                theirs = datasets_of(theirs)
                for name in sorted(ours.keys() | theirs.keys()):
                    if name not in ours or name not in theirs:
                        differing.append(f"{name} is only in one of {path}, {other}")
                        continue
                    a, b = ours[name][()], theirs[name][()]
                    if not np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
                        differing.append(f"{name} of {other}")
    return {"differing": differing, "bytes": [os.path.getsize(p) for p in [path, *others]]}


def versions():
    return {"python": sys.version.split()[0], "h5py": h5py.__version__, "numpy": np.__version__,
            "hdf5": h5py.version.hdf5_version}


COMMANDS = {f.__name__: f for f in (write, recording, recordings, read, windows, compare, versions)}

if __name__ == "__main__":
    parameters = json.loads(sys.argv[1])
    print(json.dumps(COMMANDS[parameters.pop("command")](**parameters)))
