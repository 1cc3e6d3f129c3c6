"""Write tables as TRex does, and print x, y (and keypoints) by fish, NaN as null.

usage: trex.py KIND FOLDER

KIND: csv, npz, stored (npz without compression), pose, posture (npz with other files beside)
"""
import json
import os
import sys

import numpy as np

kind, folder = sys.argv[1:3]
os.makedirs(folder, exist_ok=True)
rng = np.random.default_rng(7)
frames, fish = 40, 3
first = [0, 5, 2]
last = [40, 40, 30]
xs = np.full((frames, fish), np.nan)
ys = np.full((frames, fish), np.nan)
keypoints = np.full((frames, fish, 2, 2), np.nan)
number = np.float32 if kind != "csv" else np.float64

for i in range(fish):
    rows = np.arange(first[i], last[i])
    x, y = rng.uniform(0, 30, (2, len(rows))).astype(number)
    gone = rng.random(len(rows)) < 0.1
    gone[0] = False
    x[gone] = y[gone] = np.inf
    xs[rows, i] = np.where(np.isinf(x), np.nan, x)
    ys[rows, i] = np.where(np.isinf(y), np.nan, y)
    data = {"frame": rows.astype(number), "time": rows / 25, "missing": gone.astype(number), "X#wcentroid": x, "Y#wcentroid": y}
    speed = rng.uniform(0, 9, len(rows)).astype(number)
    speed[gone] = np.inf
    data["SPEED#wcentroid"] = speed
    data["num_pixels"] = np.where(gone, 0, 200).astype(number)
    if kind == "pose":
        for node in range(2):
            px, py = rng.uniform(0, 900, (2, len(rows))).astype(number)
            px[gone] = py[gone] = np.inf
            data["poseX%d" % node], data["poseY%d" % node] = px, py
            keypoints[rows, i, node] = np.where(np.isinf(np.stack([px, py], 1)), np.nan, np.stack([px, py], 1))
    path = os.path.join(folder, "clip_fish%d" % i)
    if kind == "csv":
        units = {"X#wcentroid": " (cm)", "Y#wcentroid": " (cm)", "SPEED#wcentroid": " (cm/s)"}
        header = ",".join(name + units.get(name, "") for name in data)
        np.savetxt(path + ".csv", np.array(list(data.values())).T, delimiter=",", header=header, comments="", fmt="%.17g")
    else:
        data["id"] = np.array([i])
        data["cm_per_pixel"] = np.array([0.0234])
        data["video_size"] = np.array([1920.0, 1080.0])
        data["frame_segments"] = np.zeros((30, 2))
        (np.savez if kind == "stored" else np.savez_compressed)(path + ".npz", **data)
        if kind == "posture":
            np.savez(os.path.join(folder, "clip_posture_fish%d.npz" % i), frames=rows, midline_lengths=np.zeros(len(rows)))

out = {"x": xs, "y": ys}
if kind == "pose":
    out["keypoints"] = keypoints
print(json.dumps({k: json.loads(json.dumps(v.tolist()).replace("NaN", "null")) for k, v in out.items()}))
