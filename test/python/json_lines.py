"""Write JSON lines with Python's json module, as a tracker in Python does: unknown values are NaN, None or left out.

usage: json_lines.py COUNT SEED

Prints two lines for each frame: the frame as input of import, and its meaning: {"frame": ..., "tracks": [all fields]}.
"""
import json
import random
import sys

NAN = float("nan")


def leave(rng, track, key, unknown):
    """Marks a value as unknown in one of Python's ways."""
    way = rng.choice(["left out", None, NAN] if not isinstance(unknown, dict) else ["left out", None])
    if way != "left out":
        track[key] = way
    return unknown


def fish(rng, number, cameras):
    track, meant = {"fishId": number}, {"fishId": number}
    values = {
        "centroid3d": [rng.uniform(-9, 9) for _ in range(3)],
        "confidence": rng.choice([rng.random(), float("inf"), -1]),
        "reprojectionResidual": rng.choice([rng.random(), float("-inf")]),
        "cameraDetections": {camera: rng.randrange(9) for camera in cameras if rng.random() < 0.6},
        "bboxes": {camera: [rng.randrange(99) for _ in range(4)] for camera in cameras if rng.random() < 0.6},
    }
    unknown = {"centroid3d": None, "confidence": -1, "reprojectionResidual": -1, "cameraDetections": {}, "bboxes": {}}
    for key, value in values.items():
        if rng.random() < 0.3:
            meant[key] = leave(rng, track, key, unknown[key])
        else:
            track[key] = meant[key] = value
    if meant["centroid3d"] is None and rng.random() < 0.3:
        track["centroid3d"] = [NAN, NAN, NAN]
    for key, nothing in (("cameraDetections", None), ("bboxes", [NAN] * 4)):
        if isinstance(track.get(key), dict) and rng.random() < 0.3:
            track[key] = {**{camera: nothing for camera in cameras}, **track[key]}
    seen = len(meant["cameraDetections"]) or len(meant["bboxes"])
    meant["nCameras"] = leave(rng, track, "nCameras", seen) if rng.random() < 0.3 else rng.randrange(5)
    track.setdefault("nCameras", meant["nCameras"]) if meant["nCameras"] != seen else None
    confirmed = meant["nCameras"] >= 2
    meant["isConfirmed"] = leave(rng, track, "isConfirmed", confirmed) if rng.random() < 0.3 else rng.random() < 0.5
    track.setdefault("isConfirmed", meant["isConfirmed"]) if meant["isConfirmed"] != confirmed else None
    return track, meant


def main():
    rng = random.Random(sys.argv[2])
    cameras = ["top", "__proto__", "fr\u00f6nt"]
    for frame in range(int(sys.argv[1])):
        both = [fish(rng, number, cameras) for number in sorted(rng.sample(range(20), rng.randrange(5)))]
        # Mostly with the defaults of json.dumps, sometimes compact and without escapes to ASCII.
        style = {} if rng.random() < 0.7 else {"separators": (",", ":"), "ensure_ascii": False}
        print(json.dumps({"frame": frame, "tracks": [track for track, _ in both]}, **style))
        print(json.dumps({"frame": frame, "tracks": [meant for _, meant in both]}).replace("Infinity", "1e999"))


main()
