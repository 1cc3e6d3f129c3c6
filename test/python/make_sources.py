"""Write small files with every layout, chunk index and file space strategy, for tests that damage them.

usage: make_sources.py DIRECTORY
"""
import os
import sys

import h5py
import numpy as np

os.chdir(sys.argv[1])


def fill(f):
    rng = np.random.default_rng(1)
    g = f.create_group("g")
    for i in range(6):
        g.create_dataset(f"d{i}", data=np.arange(20 + 10 * i, dtype="i2"))
    f.create_dataset("rows", data=rng.integers(0, 9, (20, 6)), chunks=(4, 3), maxshape=(None, 6), compression="gzip", shuffle=True)
    f.create_dataset("fixed", data=np.arange(60.0).reshape(10, 6), chunks=(4, 4), fletcher32=True)
    f.create_dataset("plane", data=np.ones((9, 9), "f4"), chunks=(4, 4), maxshape=(None, None))
    f.create_dataset("text", data=[b"x" * i for i in range(12)], dtype=h5py.string_dtype())
    f.create_dataset("pairs", data=np.zeros(5, [("a", "i4"), ("b", "S3"), ("c", "f8", (2,))]))
    f.create_dataset("lists", (3,), h5py.vlen_dtype("i2"))[:] = [np.arange(i) for i in range(3)]
    f["soft"] = h5py.SoftLink("/g/d1")
    f["other"] = f["g/d2"]
    f["ref"] = np.array([f["g"].ref, f["rows"].ref], h5py.ref_dtype)
    f["type"] = np.dtype([("x", "u1"), ("y", "f4")])
    for i in range(12):
        f.attrs[f"a{i}"] = np.arange(i + 1)


def churn(f):
    for i in (1, 3, 4):
        del f["g"][f"d{i}"]
    for i in range(0, 12, 3):
        del f.attrs[f"a{i}"]
    f["rows"].resize((25, 6))
    f["rows"][21:] = 70000


FILES = {
    "earliest": ("earliest", {}),
    "latest": ("latest", {}),
    "v108": (("v108", "v108"), {"track_order": True}),
    "userblock": ("latest", {"userblock_size": 512}),
    "aggregate": ("latest", {"fs_strategy": "aggregate"}),
    "none": ("earliest", {"fs_strategy": "none"}),
    "fsm": ("latest", {"fs_strategy": "fsm", "fs_persist": True}),
    "fsm-earliest": ("earliest", {"fs_strategy": "fsm", "fs_persist": True}),
    "page": ("latest", {"fs_strategy": "page", "fs_persist": True, "fs_page_size": 512}),
    "page-earliest": ("earliest", {"fs_strategy": "page", "fs_persist": True, "fs_page_size": 1024}),
}
for name, (libver, options) in FILES.items():
    with h5py.File(f"{name}.h5", "w", libver=libver, **options) as f:
        fill(f)
    for change in (churn, lambda f: f.__setitem__("late", np.arange(9))):
        with h5py.File(f"{name}.h5", "r+", libver=libver) as f:
            change(f)

# A file that consists mostly of free-space lists, so that most damage hits them.
for name in ("fsm", "fsm-earliest", "page"):
    libver, options = FILES[name]
    with h5py.File(f"bare-{name}.h5", "w", libver=libver, **options) as f:
        for i in range(4):
            f[f"d{i}"] = np.arange(9)
    with h5py.File(f"bare-{name}.h5", "r+", libver=libver) as f:
        del f["d0"], f["d2"]

# Names and values in heaps with many blocks.
with h5py.File("dense.h5", "w", libver="latest", track_order=True) as f:
    for i in range(40):
        f[f"link {i}"] = h5py.SoftLink("/x" * (i % 7 + 1))
    for i in range(0, 40, 3):
        del f[f"link {i}"]
    f.attrs["huge"] = np.zeros(20000)
