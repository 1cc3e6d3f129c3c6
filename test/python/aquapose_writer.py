"""Write a tracking file as AquaPose does: frame by frame into buffers, and full buffers into HDF5.

usage: aquapose_writer.py OUT.h5 < frames.jsonl

The first line is {"cameras": [...], "maxFish": S, "chunkFrames": K}, optionally with "byteOrder": "<" or ">" and
"filters": keyword arguments of h5py's create_dataset. Each further line is {"frameIndex": "0", "tracks": [...]}.
"""
import json
import sys

import h5py
import numpy as np


class Writer:
    def __init__(self, path, cameras, maxFish, chunkFrames, byteOrder="<", filters=None):
        self.file = h5py.File(path, "w")
        self.slots, self.rows, self.count = maxFish, chunkFrames, 0
        group = self.file.create_group("tracking")
        group.attrs["camera_names"] = cameras
        int32, float32, per_fish = byteOrder + "i4", byteOrder + "f4", (maxFish,)
        layout = {
            "frame_index": ((), byteOrder + "i8", 0),
            "fish_id": (per_fish, int32, -1),
            "centroid_3d": (per_fish + (3,), float32, np.nan),
            "confidence": (per_fish, float32, -1.0),
            "reprojection_residual": (per_fish, float32, -1.0),
            "n_cameras": (per_fish, int32, 0),
            "is_confirmed": (per_fish, np.bool_, False),
        }
        for camera in cameras:
            layout["camera_assignments/" + camera] = (per_fish, int32, -1)
            layout["bboxes/" + camera] = (per_fish + (4,), int32, -1)
        group.create_group("camera_assignments")
        group.create_group("bboxes")
        self.datasets, self.buffers, self.fills = {}, {}, {}
        for name, (row, dtype, fill) in layout.items():
            self.datasets[name] = group.create_dataset(
                name, (0,) + row, dtype, maxshape=(None,) + row, chunks=(chunkFrames,) + row, fillvalue=fill,
                **(filters if filters is not None else {"compression": "gzip", "compression_opts": 4}))
            self.buffers[name] = np.full((chunkFrames,) + row, fill, dtype)
            self.fills[name] = fill

    def write_frame(self, frame_index, tracks):
        row = self.count
        self.buffers["frame_index"][row] = frame_index
        for slot, fish in enumerate(sorted(tracks, key=lambda fish: fish["fishId"])[: self.slots]):
            put = {
                "fish_id": fish["fishId"],
                "confidence": fish["confidence"],
                "reprojection_residual": fish["reprojectionResidual"],
                "n_cameras": fish["nCameras"],
                "is_confirmed": fish["isConfirmed"],
            }
            if fish["centroid3d"] is not None:
                put["centroid_3d"] = fish["centroid3d"]
            for camera, detection in fish["cameraDetections"].items():
                put["camera_assignments/" + camera] = detection
            for camera, box in fish["bboxes"].items():
                put["bboxes/" + camera] = [int(number) for number in box]
            for name, value in put.items():
                self.buffers[name][row, slot] = value
        self.count += 1
        if self.count == self.rows:
            self.flush()

    def flush(self):
        for name, dataset in self.datasets.items():
            start = dataset.shape[0]
            dataset.resize(start + self.count, axis=0)
            dataset[start:] = self.buffers[name][: self.count]
            self.buffers[name][:] = self.fills[name]
        self.count = 0

    def close(self):
        if self.count:
            self.flush()
        self.file.close()


def main():
    header = json.loads(sys.stdin.readline())
    writer = Writer(sys.argv[1], **header)
    for line in sys.stdin:
        frame = json.loads(line)
        writer.write_frame(int(frame["frameIndex"]), frame["tracks"])
    writer.close()


if __name__ == "__main__":
    main()
