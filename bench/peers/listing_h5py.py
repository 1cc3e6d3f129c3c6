"""Lists tracking files: for each its size, number of frames, index of the last one, slots and cameras, as `h5tracks info *.h5` does."""
import os
import sys

import h5py

for path in sys.argv[1:]:
    with h5py.File(path, "r") as file:
        group = file["tracking"]
        index = group["frame_index"]
        datasets = [index]
        group.visititems(lambda _, found: datasets.append(found) if isinstance(found, h5py.Dataset) else None)
        if any(len(dataset) != len(index) for dataset in datasets):
            raise SystemExit(f"{path}: the datasets have different lengths")
        cameras = group.attrs["camera_names"]
        closed = bool(group.attrs.get("closed_cleanly", True))
        slots = group["fish_id"].shape[1]
        print(path, os.path.getsize(path), len(index), index[-1], slots, len(cameras), closed)
