"""Write poses as ndx-pose does, and print them: [frame][animal][node] of x, y and of confidence, NaN as null.

usage: nwb.py KIND FILE

KIND: legacy (nodes in the container, a rate), linked (a linked skeleton, timestamps shared by links), sibling (a skeleton beside, no
link), apart (timestamps that differ between animals), videos (two videos), training (other objects beside)
"""
import json
import sys

import h5py
import numpy as np

kind, path = sys.argv[1:3]
rng = np.random.default_rng(5)
nodes = ["tail", "nose", "neck"]
frames = 20
out = {}


def typed(group, name, ns="ndx-pose"):
    group.attrs["namespace"], group.attrs["neurodata_type"], group.attrs["object_id"] = ns, name, "0-0"
    return group


with h5py.File(path, "w") as f:
    f.attrs["nwb_version"] = "2.7.0"
    typed(f, "NWBFile", "core")
    f["session_start_time"] = "2026-01-02T03:04:05+00:00"
    module = typed(f.create_group("processing/behavior"), "ProcessingModule", "core")
    if kind != "legacy":
        skeleton = typed(module.create_group("Skeletons"), "Skeletons").create_group("mouse")
        typed(skeleton, "Skeleton")
        skeleton["nodes"], skeleton["edges"] = nodes, np.array([[0, 2], [2, 1]], "u1")
    whole = np.full((frames, 2, 3, 2), np.nan)
    sure = np.full((frames, 2, 3), np.nan)
    first = None
    for a, name in enumerate(["track=b", "track=a"]):
        rows = np.arange(3, 15) if kind == "apart" and a == 1 else np.arange(frames)
        c = typed(module.create_group(name), "PoseEstimation")
        c["description"], c["scorer"], c["source_software"] = "poses", "net", "SLEAP"
        c["source_software"].attrs["version"] = "1.3"
        c["original_videos"] = ["b.mp4" if kind == "videos" and a else "a.mp4"]
        if kind == "legacy":
            c["nodes"], c["edges"] = nodes, np.array([[0, 2], [2, 1]], "u1")
        elif kind != "sibling":
            c["skeleton"] = h5py.SoftLink("/processing/behavior/Skeletons/mouse")
        for n, node in enumerate(nodes):
            s = typed(c.create_group(node), "PoseEstimationSeries")
            xy = rng.uniform(0, 500, (len(rows), 2))
            xy[2] = np.nan
            p = rng.uniform(0, 1, len(rows))
            s["data"], s["confidence"], s["reference_frame"] = xy, p, "corner"
            s["data"].attrs["unit"] = "pixels"
            s["confidence"].attrs["definition"] = "softmax"
            whole[rows, a, n], sure[rows, a, n] = xy, p
            if kind == "legacy":
                s["starting_time"] = 0.0
                s["starting_time"].attrs["rate"] = np.float32(25)
            elif first is not None and kind != "apart":
                s["timestamps"] = h5py.SoftLink(first)
            else:
                s["timestamps"] = rows / 25
                first = s["timestamps"].name
    if kind == "training":
        typed(module.create_group("labels"), "PoseTraining")
        typed(f.create_group("acquisition/ephys"), "ElectricalSeries", "core")

clean = lambda v: json.loads(json.dumps(v.tolist()).replace("NaN", "null"))
print(json.dumps({"keypoints": clean(whole), "confidence": clean(sure)}))
