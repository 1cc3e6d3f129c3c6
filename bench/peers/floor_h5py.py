"""The h5py side of the rows in rows/floor/.

usage: floor_h5py.py PARAMETERS, a JSON object with "command" and what the command takes. Prints a JSON object.
"""
import json
import os
import statistics
import sys
import time

import h5py
import numpy as np

TABLE = np.dtype([("x", "f8"), ("y", "f8"), ("frame", "i8"), ("fish", "i4"), ("score", "f4"), ("camera", "i2")])


def timed(rounds, action):
    """Median seconds, without the first round if there are several."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return {"seconds": statistics.median(seconds[1:] or seconds)}


def make_rows(path, rows, columns, chunk):
    values = np.round(np.cumsum(np.random.default_rng(1).normal(size=(rows, columns)), axis=0), 2)
    with h5py.File(path, "w") as file:
        file.create_dataset("rows", data=values, chunks=(chunk, columns), compression="gzip")
        file.attrs["unit"] = "cm"
    return {}


def row(path, rows, columns, reads):
    """The faster of h5py's two ways."""
    with h5py.File(path, "r") as file:
        dataset, out = file["rows"], np.empty(columns)
        ways = [lambda i: dataset[i], lambda i: dataset.read_direct(out, np.s_[i])]
        for way in ways:
            way(0)

        def all_of(way):
            for i in range(reads):
                way(i % rows)

        return {"seconds": min(timed(1, lambda: all_of(way))["seconds"] for way in ways) / reads}


def write_contiguous(path, elements):
    values = np.arange(elements, dtype="f8")

    def write():
        start = time.perf_counter()
        with h5py.File(path, "w") as file:
            file.create_dataset("values", data=values)
        return time.perf_counter() - start

    first = write()
    os.remove(path)
    return {"seconds": write(), "first": first}


def read_contiguous(path, rounds):
    with h5py.File(path, "r") as file:
        dataset = file["values"]
        return timed(rounds, lambda: dataset[()])


def chunks_of(path):
    with h5py.File(path, "r") as file:
        return {"chunks": file["walk"].chunks}


def write_gzip(path, source, shape, chunks=None):
    values = np.fromfile(source, "f8").reshape(shape)
    start = time.perf_counter()
    with h5py.File(path, "w") as file:
        file.create_dataset("walk", data=values, chunks=chunks and tuple(chunks), compression="gzip")
    return {"seconds": time.perf_counter() - start}


def read_gzip(path, source, rounds):
    with h5py.File(path, "r") as file:
        dataset = file["walk"]
        return timed(rounds, lambda: dataset[()])


def same_as(path, source):
    with h5py.File(path, "r") as file:
        return {"equal": bool(np.array_equal(file["walk"][()].ravel(), np.fromfile(source, "f8")))}


def small_datasets(path, count):
    values = np.arange(10, dtype="f8")
    times = [time.perf_counter()]
    with h5py.File(path, "w") as file:
        group = file.create_group("many")
        for i in range(count):
            group.create_dataset(f"d{i}", data=values)
    times.append(time.perf_counter())
    with h5py.File(path, "r") as file:
        names = list(file["many"])
    times.append(time.perf_counter())
    with h5py.File(path, "r") as file:
        group = file["many"]
        for name in names:
            group[name][()]
    times.append(time.perf_counter())
    return parts(times, ["created", "listed", "read"])


def small_attributes(path, count):
    with h5py.File(path, "w", libver="latest") as file:
        file.create_group("many")
    times = [time.perf_counter()]
    with h5py.File(path, "r+", libver="latest") as file:
        attributes = file["many"].attrs
        for i in range(count):
            attributes[f"a{i}"] = float(i)
    times.append(time.perf_counter())
    with h5py.File(path, "r") as file:
        attributes = file["many"].attrs
        for name in attributes:
            attributes[name]
    times.append(time.perf_counter())
    return parts(times, ["written", "read"])


def parts(times, names):
    return {**{name: times[i + 1] - times[i] for i, name in enumerate(names)}, "all": times[-1] - times[0]}


def make_table(path, rows):
    table = np.empty(rows, TABLE)
    for i, name in enumerate(TABLE.names):
        table[name] = np.arange(rows) * (i + 1) % 30000
    with h5py.File(path, "w") as file:
        file.create_dataset("table", data=table)
    return {}


def read_table(path, rounds):
    with h5py.File(path, "r") as file:
        dataset = file["table"]

        def columns():
            table = dataset[()]
            return {name: np.ascontiguousarray(table[name]) for name in TABLE.names}

        return timed(rounds, columns)


def open(path, times):
    def once():
        with h5py.File(path, "r") as file:
            assert file.attrs["unit"] == "cm"

    once()
    return {"seconds": timed(1, lambda: [once() for _ in range(times)])["seconds"] / times}


def mark(index):
    return float(index % 1009 + 1)


def make_huge(path, elements):
    with h5py.File(path, "w") as file:
        dataset = file.create_dataset("values", (elements,), "f8")
        for at in range(0, elements, elements // 64):
            dataset[at] = mark(at)
        dataset[elements - 1] = mark(elements - 1)
    return {"bytes": os.path.getsize(path)}


def read_huge(path, start, count):
    with h5py.File(path, "r") as file:
        dataset = file["values"]
        began = time.perf_counter()
        values = dataset[start:start + count]
        seconds = time.perf_counter() - began
        step = len(dataset) // 64
    marked = np.flatnonzero(values)
    expected = [at for at in range(0, 64 * step, step) if start <= at < start + count]
    right = [start + int(i) for i in marked] == expected and all(values[i] == mark(start + int(i)) for i in marked)
    return {"seconds": seconds, "right": right}


COMMANDS = {f.__name__: f for f in (
    make_rows, row, write_contiguous, read_contiguous, write_gzip, read_gzip, chunks_of, same_as, small_datasets, small_attributes,
    make_table, read_table, open, make_huge, read_huge)}
parameters = json.loads(sys.argv[1])
print(json.dumps(COMMANDS[parameters.pop("command")](**parameters)))
