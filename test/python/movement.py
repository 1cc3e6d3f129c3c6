"""Make and read files of movement, with xarray. Each way takes all files at once, as the import of xarray is slow.

usage: movement.py make   reads [[kind, engine, file], ...] as JSON; KIND: poses, poses3d, old, bboxes, frames, float32
       movement.py show   reads [[engine, file], ...]; prints dims, attributes, coordinates and values of each, NaN as null
"""
import json
import sys

import numpy as np
import xarray as xr


def clean(values):
    return json.loads(json.dumps(np.asarray(values).tolist()).replace("NaN", "null"))


def make(kind, engine, path):
    rng = np.random.default_rng(3)
    n, space = 25, ["x", "y", "z"] if kind == "poses3d" else ["x", "y"]
    dims = ("time", "space", "keypoints", "individuals")
    shape = (n, len(space), 3, 2)
    if kind == "bboxes":
        dims, shape = ("time", "space", "individuals"), (n, 2, 2)
    position = rng.uniform(0, 999, shape)
    position[4:7, ..., 1] = np.nan
    confidence = rng.uniform(0, 1, tuple(s for d, s in zip(dims, shape) if d != "space"))
    confidence[4:7, ..., 1] = np.nan
    if kind == "float32":
        position, confidence = position.astype("f4"), confidence.astype("f4")
    data = {"position": (dims, position), "confidence": (tuple(d for d in dims if d != "space"), confidence)}
    if kind == "bboxes":
        size = rng.uniform(1, 40, shape)
        size[4:7, ..., 1] = np.nan
        data["shape"] = (dims, size)
    seconds = kind != "frames"
    coords = {"time": np.arange(n) / 30 if seconds else np.arange(n), "space": space, "individuals": ["id_0", "möwe"]}
    if kind != "bboxes":
        coords["keypoints"] = ["nose", "neck", "tail"]
    attrs = {"ds_type": "bboxes" if kind == "bboxes" else "poses", "time_unit": "seconds" if seconds else "frames",
             "source_software": "SLEAP", "source_file": "/a/b.slp"}
    if seconds:
        attrs["fps"] = 30.0
    ds = xr.Dataset(data, coords=coords, attrs=attrs)
    if kind == "old":
        ds = ds.transpose("time", "individuals", "keypoints", "space")
    ds.to_netcdf(path, engine=engine)


def show(engine, path):
    with xr.open_dataset(path, engine=engine) as ds:
        order = [d for d in ("time", "space", "keypoints", "individuals") if d in ds.dims]
        out = {"dims": list(ds["position"].dims), "attrs": {k: clean(v) for k, v in ds.attrs.items()},
               "coords": {k: clean(v.values) for k, v in ds.coords.items()}}
        for name in ds.data_vars:
            out[name] = clean(ds[name].transpose(*[d for d in order if d in ds[name].dims]).values)
    return out


if sys.argv[1] == "make":
    for one in json.load(sys.stdin):
        make(*one)
else:
    print(json.dumps([show(*one) for one in json.load(sys.stdin)]))
