"""Write a pose file as JABS does, and print what its readers find: {keypoints, confidence} by identity, NaN as null.

usage: jabs.py VERSION PATH
"""
import json
import sys

import h5py
import numpy as np

version, path = int(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(version)
frames, animals, nodes = 30, 3, 12
yx = rng.integers(1, 800, (frames, animals, nodes, 2)).astype(np.uint16)
conf = rng.uniform(0.2, 1, (frames, animals, nodes)).astype(np.float32)
conf[:, :, 4] = 0
yx[:, :, 4] = 0
count = np.full(frames, animals, np.uint8)
count[3:6] = 2
conf[3:6, 2] = 0
yx[3:6, 2] = 0
track = np.tile(np.array([1, 2, 3], np.uint32), (frames, 1))
embed = np.array([rng.permutation(3) + 1 for _ in range(frames)], np.uint32)
mask = np.zeros((frames, animals), bool)
mask[3:6, 2] = True
embed[mask] = 0

with h5py.File(path, "w") as f:
    g = f.create_group("poseest")
    if version > 2:
        g.attrs["version"] = np.array([version, 0], np.uint16)
    g.attrs["cm_per_pixel"] = np.float32(0.0793)
    g.attrs["cm_per_pixel_source"] = "corner_detection"
    if version == 2:
        g["points"], g["confidence"] = yx[:, 0], conf[:, 0]
    else:
        g.create_dataset("points", data=yx, chunks=(7, animals, nodes, 2), compression="gzip")
        g["confidence"], g["instance_count"], g["instance_track_id"] = conf, count, track
    if version >= 4:
        g["instance_embed_id"], g["id_mask"] = embed, mask
        g["identity_embeds"] = rng.normal(size=(frames, animals, 4)).astype(np.float32)
        g["instance_id_center"] = rng.normal(size=(3, 4))
        g["external_identity_mapping"] = np.array([101, 102, 103])
    if version >= 5:
        f["static_objects/corners"] = np.array([[1, 2], [3, 4], [5, 6], [7, 8]], np.uint16)
        f["static_objects/lixit"] = np.array([[10, 20]], np.uint16)
    if version >= 6:
        g["seg_data"] = np.full((frames, animals, 2, 50, 2), -1, np.int32)
        g["longterm_seg_id"] = embed
    if version >= 7:
        f["dynamic_objects/fecal_boli/points"] = np.zeros((2, 5, 1, 2), np.uint16)
        f["dynamic_objects/fecal_boli/counts"] = np.array([1, 2], np.uint8)
    if version >= 8:
        boxes = rng.integers(0, 100, (frames, animals, 2, 2)).astype(np.float32)
        boxes[..., 1, :] += boxes[..., 0, :]
        g["bbox"] = boxes
        g["bbox"].attrs["bboxes_generated"] = True

n = 1 if version == 2 else animals
xy = np.full((frames, n + (version == 3), nodes, 2), np.nan)
by = np.full(xy.shape[:3], np.nan)
box = np.full(xy.shape[:2] + (4,), np.nan)
for t in range(frames):
    for i in range(n):
        if version > 2 and i >= count[t]:
            continue
        who = 0 if version == 2 else track[t, i] if version == 3 else embed[t, i] - 1
        xy[t, who] = np.where((conf[t, i] == 0)[:, None], np.nan, yx[t, i, :, ::-1])
        by[t, who] = conf[t, i]
        if version >= 8:
            box[t, who] = np.concatenate([boxes[t, i, 0], boxes[t, i, 1] - boxes[t, i, 0]])
out = {"keypoints": xy, "confidence": by}
if version >= 8:
    out["box"] = box
print(json.dumps({k: json.loads(json.dumps(v.astype(float).tolist()).replace("NaN", "null")) for k, v in out.items()}))
