"""Write a midline file as AquaPose 1.1.0 does: frame by frame into buffers, and full buffers into HDF5.

usage: aquapose_midlines.py OUT.h5 < frames.jsonl

The first line is {"maxFish": S, "chunkFrames": K, "samples": P}, with "older": true for a file from before AquaPose had centroid_z
and z_offsets, and "points": true for one of its development version, whose fish may have points instead of a spline. Each further line is {"frameIndex": "0", "records": [...]}, with the fields of h5tracks' midlineLayout. null is NaN,
and a centroidZ or zOffsets that is null or missing is one that AquaPose did not compute.
"""
import json
import sys

import h5py
import numpy as np

KNOTS = np.array([0, 0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1, 1], dtype=np.float64)


def floats(values):
    return np.array(values, dtype=np.float32)  # None becomes NaN


class Writer:
    def __init__(self, path, maxFish=9, chunkFrames=1000, samples=15, older=False, points=False):
        self.file = h5py.File(path, "w")
        self.slots, self.rows, self.samples, self.count = maxFish, chunkFrames, samples, 0
        group = self.file.create_group("midlines")
        group.attrs["SPLINE_KNOTS"] = KNOTS
        group.attrs["SPLINE_K"] = 3
        per_fish, along = (maxFish,), (maxFish, samples)
        layout = {
            "frame_index": ((), "int64", 0),
            "fish_id": (per_fish, "int32", -1),
            "points": (along + (3,), "float32", np.nan),
            "control_points": (per_fish + (7, 3), "float32", np.nan),
            "arc_length": (per_fish, "float32", np.nan),
            "half_widths": (along, "float32", np.nan),
            "n_cameras": (per_fish, "int32", 0),
            "mean_residual": (per_fish, "float32", -1.0),
            "max_residual": (per_fish, "float32", -1.0),
            "is_low_confidence": (per_fish, "bool", False),
            "centroid_z": (per_fish, "float32", np.nan),
            "z_offsets": (along, "float32", np.nan),
        }
        if not points:
            del layout["points"]
        if older:
            del layout["centroid_z"], layout["z_offsets"]
        self.datasets, self.buffers, self.fills = {}, {}, {}
        for name, (row, dtype, fill) in layout.items():
            self.datasets[name] = group.create_dataset(
                name, (0,) + row, dtype, maxshape=(None,) + row, chunks=(chunkFrames,) + row, fillvalue=fill,
                compression="gzip", compression_opts=4)
            self.buffers[name] = np.full((chunkFrames,) + row, fill, dtype)
            self.fills[name] = fill

    def write_frame(self, frame_index, records):
        row = self.count
        self.buffers["frame_index"][row] = frame_index
        for slot, fish in enumerate(sorted(records, key=lambda fish: fish["fishId"])[: self.slots]):
            put = {
                "fish_id": fish["fishId"],
                "half_widths": floats(fish["halfWidths"]),
                "n_cameras": fish["nCameras"],
                "mean_residual": floats(fish["meanResidual"]),
                "max_residual": floats(fish["maxResidual"]),
                "is_low_confidence": fish["isLowConfidence"],
            }
            if fish.get("points") is not None:
                put["points"] = floats(fish["points"]).reshape(self.samples, 3)
            if fish.get("controlPoints") is not None:
                put["control_points"] = floats(fish["controlPoints"]).reshape(7, 3)
                put["arc_length"] = floats(fish["arcLength"])
            if "centroid_z" in self.datasets:
                if fish.get("centroidZ") is not None:
                    put["centroid_z"] = floats(fish["centroidZ"])
                if fish.get("zOffsets") is not None:
                    put["z_offsets"] = floats(fish["zOffsets"])
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
        writer.write_frame(int(frame["frameIndex"]), frame["records"])
    writer.close()


if __name__ == "__main__":
    main()
