"""Write trajectories as idtracker.ai does, and print them as JSON with NaN as null.

usage: idtracker.py KIND PATH

KIND: npy, fortran, protocol0 ... protocol5, python2, pickle, hdf5, csv (a folder), old-csv (a file with others beside it), session (a folder),
array (no dict)
"""
import json
import os
import pickle
import struct
import sys

import h5py
import numpy as np

kind, path = sys.argv[1:3]
rng = np.random.default_rng(4)
frames, animals = 40, 3
xy = rng.uniform(0, 1000, (frames, animals, 2))
xy[5:9, 1] = np.nan
xy[0, :] = np.nan
prob = rng.uniform(0.5, 1, (frames, animals, 1))
prob[np.isnan(xy[..., :1])] = np.nan
areas = {"mean": np.array([1.5, 2.5, 3.5]), "median": np.array([1.0, 2.0, 3.0]), "std": np.array([0.1, 0.2, 0.3])}
facts = {
    "version": "5.2.12", "height": 938, "width": 1160, "video_paths": ["/a/b.avi"], "frames_per_second": 28.5, "body_length": np.float64(58.25),
    "estimated_accuracy": 0.99, "areas": areas, "setup_points": {"border": np.array([[1, 2], [3, 4]])}, "identities_labels": ["a", "b", "c"],
    "identities_groups": {}, "length_unit": None,
}
data = {"trajectories": np.asfortranarray(xy) if kind == "fortran" else xy, "id_probabilities": prob, **facts}


def header(protocol):
    text = "{'descr': '|O', 'fortran_order': False, 'shape': (), }"
    return b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode() + b"\n"


def save(target, values, protocol):
    with open(target, "wb") as f:
        f.write(header(protocol))
        array = np.empty((), dtype=object)
        array[()] = values
        pickle.dump(array, f, protocol=protocol)


class Python2(pickle._Pickler):
    """Python 2 wrote bytes as its own kind of string."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_bytes(self, obj):
        self.write(b"T" + struct.pack("<i", len(obj)) + obj)
        self.memoize(obj)

    dispatch[bytes] = save_bytes


def csv(folder, prefix, time):
    os.makedirs(folder, exist_ok=True)
    names = ",".join(c + str(i + 1) for i in range(animals) for c in "xy")
    table, p, more = xy.reshape(frames, -1), prob[..., 0], ""
    if time:
        seconds = np.arange(frames) / 28.5
        table, p, more = np.column_stack([seconds, table]), np.column_stack([seconds, p]), "time,"
    at = lambda name: os.path.join(folder, prefix + name)
    np.savetxt(at("trajectories.csv"), table, delimiter=",", header=more + names, comments="" if time else "# ", fmt="%.17g")
    probs = more + ",".join("id_probabilities%d" % (i + 1) for i in range(animals))
    np.savetxt(at("id_probabilities.csv"), p, delimiter=",", header=probs, comments="" if time else "# ", fmt="%.17g")
    np.savetxt(at("areas.csv"), np.array([areas["mean"], areas["median"], areas["std"]]).T, delimiter=",", fmt="%.1f",
               header="mean, median, standard_deviation", comments="")
    plain = {k: v for k, v in facts.items() if k not in ("areas", "setup_points")}
    json.dump({**plain, "body_length": 58.25, "silhouette_score": float("nan"), "setup_points": {"border": [[1, 2], [3, 4]]}}, open(at("attributes.json"), "w"))


if kind in ("npy", "fortran"):
    np.save(path, data, allow_pickle=True)
elif kind.startswith("protocol"):
    save(path, data, int(kind[-1]))
elif kind == "python2":
    with open(path, "wb") as f:
        f.write(header(2))
        array = np.empty((), dtype=object)
        array[()] = data
        Python2(f, 2).dump(array)
elif kind == "array":
    np.save(path, xy)
elif kind == "pickle":
    pickle.dump(data, open(path, "wb"))
elif kind == "hdf5":
    with h5py.File(path, "w") as f:
        f.create_dataset("trajectories", data=xy, chunks=(16, animals, 2))
        f["id_probabilities"] = prob
        for name, values in areas.items():
            f["areas/" + name] = values
        f.create_group("identities_groups")
        f["setup_points/border"] = np.array([[1, 2], [3, 4]])
        for name in ("version", "height", "width", "frames_per_second", "body_length", "estimated_accuracy"):
            f.attrs[name] = facts[name]
        f.attrs["length_unit"] = -1
        f.attrs["identities_labels"] = ["a", "b", "c"]
        f.attrs["video_paths"] = ["/a/b.avi"]
elif kind == "csv":
    csv(path, "", True)
elif kind == "old-csv":
    csv(os.path.dirname(path), "", False)
elif kind == "session":
    os.makedirs(path + "/trajectories")
    np.save(path + "/trajectories/trajectories.npy", data, allow_pickle=True)
    open(path + "/session.json", "w").write("{}")

clean = lambda values: json.loads(json.dumps(values.tolist()).replace("NaN", "null"))
print(json.dumps({"x": clean(xy[..., 0]), "y": clean(xy[..., 1]), "confidence": clean(prob[..., 0])}))
