"""What edits of recordings must give, by numpy: edits.py cut|swap|join <JSON>. Prints a JSON list of differences; [] if there are none."""

import json
import sys

import h5py
import numpy as np

found = []


def datasets(file):
    paths = {}
    file.visititems(lambda name, item: paths.__setitem__(name, item) if isinstance(item, h5py.Dataset) else None)
    return paths


def group_of(file, path):
    """The layout that a dataset belongs to: its group, names of frame index and key; None for other datasets."""
    parts = path.split("/")
    for depth in range(1, len(parts)):
        name = "/".join(parts[:depth])
        attributes = file[name].attrs
        index = attributes.get("frame_key", "frame_index")
        key = attributes.get("slot_key", "fish_id" if name in ("tracking", "midlines") else None)
        if index in file[name]:
            return name, index, key
    return None


def is_scale(dataset):
    return dataset.attrs.get("CLASS") == b"DIMENSION_SCALE"


def same(a, b):
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return np.array_equal(a, b) or bool(np.all((a == b) | ((a != a) & (b != b))))


def compare(what, out, expected):
    if not same(out, expected):
        found.append(f"{what}: {out.shape} {out.dtype} instead of {expected.shape} {expected.dtype}, or other values")


def compare_attributes(what, out, source, but=()):
    hidden = {"DIMENSION_LIST", "REFERENCE_LIST", *but}
    names = lambda item: sorted(set(item.attrs) - hidden)
    if names(out) != names(source):
        found.append(f"{what}: attributes {names(out)} instead of {names(source)}")
        return
    for name in names(source):
        a, b = out.attrs.get_id(name), source.attrs.get_id(name)
        if a.dtype != b.dtype or not np.array_equal(np.asarray(out.attrs[name]), np.asarray(source.attrs[name])):
            found.append(f"{what}: attribute {name} is {out.attrs[name]!r} instead of {source.attrs[name]!r}")


def has_slots(file, path, layout):
    name, _, key = layout
    return key is not None and file[path].ndim > 1 and file[path].shape[1] == file[f"{name}/{key}"].shape[1] and (
        file[path].attrs.get("role", b"slot") in ("slot", "camera", b"slot", b"camera") and path != f"{name}/{key}"
    )


def of_camera(file, path):
    layout = group_of(file, path)
    return layout is not None and path[len(layout[0]) + 1 :].count("/") == 1


def rearranged(values, fill, order):
    """Row by row, the records of `order`, then fill values."""
    result = np.full_like(values, fill)
    for row, slots in enumerate(order):
        result[row, : len(slots)] = values[row, slots]
    return result


def check(out, source, rows_of, order_of=None, new_keys=None, cameras=None):
    """Compares everything in two files."""
    kept = {
        path: item
        for path, item in datasets(source).items()
        if cameras is None or path.split("/")[-1] in cameras or not of_camera(source, path)
    }
    if sorted(datasets(out)) != sorted(kept):
        found.append(f"datasets {sorted(datasets(out))} instead of {sorted(kept)}")
        return
    for path, item in kept.items():
        layout = None if is_scale(item) else group_of(source, path)
        copy = out[path]
        compare_attributes(path, copy, item)
        if layout is None:
            compare(path, copy[()], item[()])
            continue
        if (copy.chunks, copy.compression, copy.shuffle, copy.maxshape) != (item.chunks, item.compression, item.shuffle, item.maxshape):
            found.append(f"{path}: other storage")
        if not np.array_equal(copy.fillvalue, item.fillvalue, equal_nan=item.dtype.kind == "f"):
            found.append(f"{path}: other fill value")
        if [d.label for d in copy.dims] != [d.label for d in item.dims]:
            found.append(f"{path}: other labels")
        if [len(d) for d in copy.dims] != [len(d) for d in item.dims]:
            found.append(f"{path}: other scales")
        name, index, key = layout
        rows = rows_of(source[f"{name}/{index}"][()])
        expected = item[()][rows]
        if order_of and key:
            keys = source[f"{name}/{key}"][()][rows]
            order = order_of(keys, source[f"{name}/{index}"][()][rows])
            if path == f"{name}/{key}":
                changed = new_keys(keys, source[f"{name}/{index}"][()][rows]) if new_keys else keys
                expected = rearranged(changed, -1, order)
            elif has_slots(source, path, layout):
                expected = rearranged(expected, item.fillvalue, order)
        compare(path, copy[()], expected)
    source.visititems(lambda p, item: isinstance(item, h5py.Group) and compare_attributes(p, out[p], item, ["camera_names"] if cameras else []))
    compare_attributes("/", out, source)
    if cameras is not None:
        for name in {group_of(source, path)[0] for path in datasets(source) if group_of(source, path)}:
            names = [c for c in source[name].attrs["camera_names"] if c in cameras]
            if list(out[name].attrs["camera_names"]) != names:
                found.append(f"{name}: cameras {list(out[name].attrs['camera_names'])} instead of {names}")


def cut(out, source, start=None, stop=None, animals=None, cameras=None):
    def rows(index):
        return np.nonzero((index >= (start if start is not None else index.min())) & (index < (stop if stop is not None else index.max() + 1)))[0]

    order = None
    if animals is not None:
        order = lambda keys, _: [[s for s in range(keys.shape[1]) if keys[r, s] in animals] for r in range(len(keys))]
    check(out, source, rows, order, cameras=cameras)


def swap(out, source, a, b, start=None, stop=None):
    def keys_of(keys, index):
        within = (index >= (start if start is not None else index.min())) & (index < (stop if stop is not None else index.max() + 1))
        result = keys.copy()
        result[(keys == a) & within[:, None]] = b
        result[(keys == b) & within[:, None]] = a
        return result

    def order(keys, index):
        changed = keys_of(keys, index)
        return [sorted((s for s in range(keys.shape[1]) if keys[r, s] >= 0), key=lambda s: changed[r, s]) for r in range(len(keys))]

    check(out, source, lambda index: np.arange(len(index)), order, keys_of)


def join(out, sources, offsets):
    for path in datasets(out):
        layout = None if is_scale(out[path]) else group_of(out, path)
        if layout is None:
            continue
        name, index, _ = layout
        parts = []
        for file, offset in zip(sources, offsets):
            values = file[path][()]
            if path == f"{name}/{index}":
                values = values + offset
            wider = out[path].shape[1] - values.shape[1] if values.ndim > 1 else 0
            if wider > 0:
                padding = [(0, 0), (0, wider)] + [(0, 0)] * (values.ndim - 2)
                values = np.pad(values, padding, constant_values=out[path].fillvalue)
            parts.append(values)
        compare(path, out[path][()], np.concatenate(parts))
    sources[0].visititems(lambda p, item: isinstance(item, h5py.Group) and compare_attributes(p, out[p], item))


command, options = sys.argv[1], json.loads(sys.argv[2])
with h5py.File(options.pop("out")) as out:
    if command == "join":
        files = [h5py.File(path) for path in options.pop("files")]
        join(out, files, **options)
    else:
        with h5py.File(options.pop("file")) as source:
            {"cut": cut, "swap": swap}[command](out, source, **options)
print(json.dumps(found))
