"""Compares files with the datasets that they must have, in one process: JSON requests and answers, one a line.

{"file": PATH, "columns": [{"path", "shape", "type", "values", "fill", "members", "base", "length"}, ...], "prefix": false}

Values are in row-major order; numbers that JSON does not have are texts: "nan", "-0", "9007199254740993". Answers are {"rows": N}, or
{"wrong": TEXT}. With "prefix", the file may hold only the first rows, the same number in every dataset.
"""
import json
import sys

import h5py
import numpy as np

SPECIAL = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf, "-0": -0.0}


def number(value):
    return SPECIAL.get(value, value) if isinstance(value, str) else value


def array_of(values, column):
    kind = column["type"]
    if kind == "string":
        return np.array([text.encode() for text in values], "S%d" % column["length"])
    if kind == "enum":
        return np.array([column["members"][name] for name in values], np.dtype(column["base"]))
    if kind == "bool":
        return np.array(values, bool)
    if kind.startswith("float"):
        # By way of float64, so that numpy rounds to nearest, ties to even.
        with np.errstate(over="ignore"):
            return np.array([number(value) for value in values], "<f8").astype(kind)
    return np.array([int(value) for value in values], kind)


def type_problem(dataset, column):
    kind, found = column["type"], dataset.dtype
    if kind == "string":
        info = h5py.check_string_dtype(found)
        wanted = ("utf-8", column["length"])
        padded = dataset.id.get_type().get_strpad() == h5py.h5t.STR_NULLPAD
        return None if info and (info.encoding, info.length) == wanted and padded else "is %r, not UTF-8 of %d" % (found, wanted[1])
    if kind == "enum":
        members = h5py.check_enum_dtype(found)
        if members != column["members"] or found.newbyteorder("=") != np.dtype(column["base"]):
            return "is %r with %r, not %s with %r" % (found, members, column["base"], column["members"])
        return None
    wanted = np.dtype(kind).newbyteorder("<")
    return None if found == wanted else "is %s, not %s" % (found, wanted)


def same(found, expected):
    """Equal, bit by bit; any NaN is NaN."""
    if found.dtype.kind == "f":
        bits = "u%d" % found.dtype.itemsize
        return (found.view(bits) == expected.view(bits)) | (np.isnan(found) & np.isnan(expected))
    return found == expected


def compare(file, columns, prefix):
    lengths = {column["path"]: len(file[column["path"]]) for column in columns}
    if len(set(lengths.values())) != 1:
        return {"wrong": "datasets of different lengths: %r" % lengths}
    rows = next(iter(lengths.values()))
    for column in columns:
        path, dataset = column["path"], file[column["path"]]
        expected = array_of(column["values"], column).reshape(column["shape"])
        if prefix:
            expected = expected[:rows]
        problem = type_problem(dataset, column)
        if problem:
            return {"wrong": "%s %s" % (path, problem)}
        if dataset.shape != expected.shape:
            return {"wrong": "%s has the shape %r, not %r" % (path, dataset.shape, expected.shape)}
        if not np.all(same(np.array([dataset.fillvalue]).astype(expected.dtype), array_of([column["fill"]], column))):
            return {"wrong": "%s has the fill value %r, not %r" % (path, dataset.fillvalue, column["fill"])}
        found = np.ascontiguousarray(dataset[()]).astype(expected.dtype, copy=False)
        right = same(found, expected)
        if not right.all():
            where = tuple(int(i) for i in np.argwhere(~right)[0])
            return {"wrong": "%s%r is %r, not %r" % (path, list(where), found[where], expected[where])}
    return {"rows": rows}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            with h5py.File(request["file"], "r") as file:
                answer = compare(file, request["columns"], request.get("prefix", False))
        except Exception as error:
            answer = {"wrong": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(answer), flush=True)


main()
