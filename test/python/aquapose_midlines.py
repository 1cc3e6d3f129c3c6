"""Write a midline file as AquaPose 1.1.0 does: frame by frame into buffers, and full buffers into HDF5.

usage: aquapose_midlines.py OUT.h5 < frames.jsonl

The first line is {"maxFish": S, "chunkFrames": K, "samples": P}, with "older": true for a file from before AquaPose had centroid_z
and z_offsets, and "points": true for one of its development version, whose fish may have points instead of a spline.
Each further line is {"frameIndex": "0", "records": [...]}, with the fields of h5tracks' midlineLayout. null is NaN, and a centroidZ or zOffsets that is null or missing is one that AquaPose did not compute.
"""
import numpy as np

import aquapose_buffers

KNOTS = np.array([0, 0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1, 1], dtype=np.float64)


def floats(values):
    return np.array(values, dtype=np.float32)  # None becomes NaN


class Writer(aquapose_buffers.Writer):
    def __init__(self, path, maxFish=9, chunkFrames=1000, samples=15, older=False, points=False):
        super().__init__(path, maxFish, chunkFrames)
        self.samples = samples
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
        self.create(group, layout, compression="gzip", compression_opts=4)

    def values_of(self, fish):
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
        return put


if __name__ == "__main__":
    aquapose_buffers.main(Writer, "records")
