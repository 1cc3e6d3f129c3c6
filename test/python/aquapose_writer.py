"""Write a tracking file as AquaPose does: frame by frame into buffers, and full buffers into HDF5.

usage: aquapose_writer.py OUT.h5 < frames.jsonl

The first line is {"cameras": [...], "maxFish": S, "chunkFrames": K}, optionally with "byteOrder": "<" or ">" and
"filters": keyword arguments of h5py's create_dataset. Each further line is {"frameIndex": "0", "tracks": [...]}.
"""
import numpy as np

import aquapose_buffers


class Writer(aquapose_buffers.Writer):
    def __init__(self, path, cameras, maxFish, chunkFrames, byteOrder="<", filters=None):
        super().__init__(path, maxFish, chunkFrames)
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
        self.create(group, layout, **(filters if filters is not None else {"compression": "gzip", "compression_opts": 4}))

    def values_of(self, fish):
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
        return put


if __name__ == "__main__":
    aquapose_buffers.main(Writer, "tracks")
