"""Print the groups of a file as xarray opens them, with h5netcdf and without options.

usage: xarray_groups.py FILE.h5 GROUP...

Prints {group: {"dims": {...}, "variables": {name: {"dims", "dtype", "units", "data"}}}}, with NaN as null and bytes as text.
"""
import json
import sys

import xarray as xr


def plain(value):
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return value.decode()
    return None if value != value else value


groups = {}
for group in sys.argv[2:]:
    with xr.open_dataset(sys.argv[1], group=group, engine="h5netcdf") as dataset:
        variables = {
            str(name): {
                "dims": list(variable.dims),
                "dtype": str(variable.dtype),
                "units": variable.attrs.get("units"),
                "data": plain(variable.values.tolist()),
            }
            for name, variable in dataset.variables.items()
        }
        groups[group] = {"dims": dict(dataset.sizes), "variables": variables}
print(json.dumps(groups))
