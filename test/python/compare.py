"""Compare a tracking file with the written frames, field by field, with h5py.

usage: compare.py FILE.h5 < frames.jsonl

The input is that of aquapose_writer.py. Prints the number of rows and exits with 0 when everything is equal; otherwise prints
every difference and exits with 1.
"""
import json
import sys

import h5py
import numpy as np

differences = []


def expect(what, found, expected):
    if found != expected:
        differences.append("%s: found %r, expected %r" % (what, found, expected))


def compare(group, name, expected, dtype, fill):
    expected = np.array(expected, dtype=dtype)
    if name not in group:
        differences.append(name + ": absent")
        return
    dataset = group[name]
    expect(name + " dtype", dataset.dtype, np.dtype(dtype))
    expect(name + " fill", np.array(dataset.fillvalue, dtype).tobytes(), np.array(fill, dtype).tobytes())
    expect(name + " max shape", dataset.maxshape, (None,) + dataset.shape[1:])
    found = dataset[()]
    if found.shape != expected.shape:
        expect(name + " shape", found.shape, expected.shape)
        return
    equal = (found == expected) | ((found != found) & (expected != expected))
    for place in np.argwhere(~equal)[:5]:
        where = tuple(int(index) for index in place)
        expect("%s%r" % (name, list(where)), found[where], expected[where])


def main():
    header = json.loads(sys.stdin.readline())
    cameras, slots = header["cameras"], header["maxFish"]
    frames = [json.loads(line) for line in sys.stdin]
    rows = [sorted(frame["tracks"], key=lambda fish: fish["fishId"]) for frame in frames]

    def per_fish(value, absent):
        shape = (len(rows), slots) + np.shape(absent)
        filled = [[value(row[slot]) if slot < len(row) else absent for slot in range(slots)] for row in rows]
        return np.array(filled, dtype=object).reshape(shape)

    def truncated(box):
        return [int(number) for number in box]

    with h5py.File(sys.argv[1], "r") as file:
        group = file["tracking"]
        expect("camera_names", list(group.attrs["camera_names"]), cameras)
        expect("cameras with assignments", sorted(group["camera_assignments"]), sorted(cameras))
        expect("cameras with boxes", sorted(group["bboxes"]), sorted(cameras))
        index = np.array([int(frame["frameIndex"]) for frame in frames], "<i8")
        compare(group, "frame_index", index, "<i8", 0)
        compare(group, "fish_id", per_fish(lambda fish: fish["fishId"], -1), "<i4", -1)
        nowhere = [np.nan] * 3
        compare(group, "centroid_3d", per_fish(lambda fish: fish["centroid3d"] or nowhere, nowhere), "<f4", np.nan)
        compare(group, "confidence", per_fish(lambda fish: fish["confidence"], -1.0), "<f4", -1.0)
        compare(group, "reprojection_residual", per_fish(lambda fish: fish["reprojectionResidual"], -1.0), "<f4", -1.0)
        compare(group, "n_cameras", per_fish(lambda fish: fish["nCameras"], 0), "<i4", 0)
        compare(group, "is_confirmed", per_fish(lambda fish: fish["isConfirmed"], False), "bool", False)
        for camera in cameras:
            detections = per_fish(lambda fish: fish["cameraDetections"].get(camera, -1), -1)
            compare(group, "camera_assignments/" + camera, detections, "<i4", -1)
            boxes = per_fish(lambda fish: truncated(fish["bboxes"].get(camera, [-1] * 4)), [-1] * 4)
            compare(group, "bboxes/" + camera, boxes, "<i4", -1)
    if differences:
        sys.exit("\n".join(differences))
    print(len(rows))


main()
