"""Compare references to HDF5 files, as Zarr, xarray and dask read them, with what h5py reads from the files one after the other.

usage: references.py REFERENCES.json FILE.h5...

Prints {"zarr": number of equal datasets, "xarray": number of equal variables, "missing": [names without an array]}. Fails at a difference
in type, shape, value or attribute.
"""
import json
import sys

import dask
import fsspec
import h5py
import numpy as np
import xarray
import zarr

dask.config.set(scheduler="threads")
references, *names = sys.argv[1:]
mapper = fsspec.get_mapper("reference://", fo=references)
root = zarr.open_consolidated(mapper, mode="r")
files = [h5py.File(name, "r") for name in names]
layouts = {name for name, group in files[0].items() if isinstance(group, h5py.Group)}
own = {"DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME", "_ARRAY_DIMENSIONS", "flag_values", "flag_meanings"}


def expected(name):
    name = name.strip("/")
    of_layout = name.split("/")[0] in layouts and "CLASS" not in files[0][name].attrs
    values = files[0][name][()]
    if of_layout and len(files) > 1:
        values = np.concatenate([file[name][...] for file in files]).astype(values.dtype)
    # Texts of variable length become numpy's texts.
    return np.asarray(files[0][name].asstr()[()]).astype("U") if values.dtype == object else values


def same(name, found, native=False):
    wanted = expected(name)
    # xarray has native byte order, and texts as objects in an index.
    if native:
        wanted = wanted.astype(wanted.dtype.newbyteorder("="))
        found = found.astype("U") if found.dtype == object else found
    assert found.dtype == wanted.dtype, (name, found.dtype, wanted.dtype)
    np.testing.assert_array_equal(found, wanted, name)


def same_attributes(name, found):
    """Attributes pass through JSON, which has no NaN."""
    for key, wanted in files[0][name].attrs.items():
        if key in own or isinstance(wanted, h5py.Empty):
            continue
        value = np.asarray(found[key])
        wanted = np.asarray(wanted)
        text = value.dtype.kind == "U" and wanted.dtype.kind == "f"
        np.testing.assert_array_equal(value.astype("f8") if text else value, wanted, f"{name}: {key}")


equal, missing = 0, []
placeholder = "This is a netCDF dimension but not a netCDF variable"


def visit(name, object):
    global equal
    if isinstance(object, h5py.Group):
        same_attributes(name, root[name].attrs)
        return
    if object.attrs.get("NAME", b"").decode().startswith(placeholder):
        return
    if name not in root:
        missing.append(name)
        return
    same(name, np.asarray(root[name][...]))
    same_attributes(name, root[name].attrs)
    equal += 1


files[0].visititems(visit)
same_attributes("/", root.attrs)


def groups(group, path=""):
    yield path
    for name, inner in group.groups():
        yield from groups(inner, f"{path}/{name}")


variables = 0
for group in groups(root):
    with xarray.open_dataset(mapper, engine="zarr", group=group or None, consolidated=False, chunks={}) as dataset:
        for name, variable in dataset.variables.items():
            # xarray reads bytes of length 1 as characters of a text.
            if variable.dtype.kind == "S" and expected(f"{group}/{name}").dtype == np.dtype("S1"):
                continue
            same(f"{group}/{name}", variable.values, native=True)
            variables += 1

print(json.dumps({"zarr": equal, "xarray": variables, "missing": missing}))
