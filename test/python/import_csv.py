"""Import a zebrafish CSV with Python's own csv module and write it as AquaPose does: the oracle of our import.

usage: import_csv.py IN.csv OUT.h5 MAX_FISH CHUNK_FRAMES

frame_index is frame - 1; a fish is confirmed when two cameras see it; of more than MAX_FISH fish, those with the highest ids are
dropped.
"""
import csv
import sys

from aquapose_writer import Writer

SIDES = ["left", "top", "width", "height"]


def track(row, cameras):
    seen = [camera for camera in cameras if row[camera + "_left"]]
    return {
        "fishId": int(row["id"]),
        "centroid3d": [float(row[axis]) for axis in ("x_cm", "y_cm", "z_cm")] if row["x_cm"] else None,
        "confidence": float(row["confidence"] or -1),
        "reprojectionResidual": float(row["residual_px"] or -1),
        "nCameras": int(row["n_cameras"]),
        "isConfirmed": int(row["n_cameras"]) >= 2,
        "cameraDetections": {camera: int(row[camera + "_det_index"] or -1) for camera in cameras},
        "bboxes": {camera: [float(row[camera + "_" + side]) for side in SIDES] for camera in seen},
    }


def main():
    source, target, max_fish, chunk_frames = sys.argv[1:]
    with open(source, newline="") as file:
        reader = csv.DictReader(file)
        cameras = [name[: -len("_left")] for name in reader.fieldnames if name.endswith("_left")]
        frames = {}
        for row in reader:
            frames.setdefault(int(row["frame"]), []).append(track(row, cameras))
    writer = Writer(target, cameras, int(max_fish), int(chunk_frames))
    for frame in range(min(frames), max(frames) + 1):
        writer.write_frame(frame - 1, frames.get(frame, []))
    writer.close()


main()
