"""Print everything that h5py finds in HDF5 files: objects, links, attributes, types and values.

usage: walk.py FILE... > walk.jsonl

Prints a line {"file"} for every file, then one JSON line per object and per attribute; the walk sorts names by their bytes.
Values are given as their number, the SHA-256 of their bytes in the file unless these only point to the values (`raw`), the
SHA-256 of their canonical bytes (`sha256`, see canonical()), and the first few in words, which help to read a difference. Where
h5py has no values, `unreadable` says why.
"""
import hashlib
import json
import struct
import sys

import h5py
import numpy as np
from h5py import h5a, h5d, h5g, h5l, h5o, h5r, h5s, h5t

ORDERS = {h5t.ORDER_LE: "little", h5t.ORDER_BE: "big", h5t.ORDER_VAX: "vax", h5t.ORDER_NONE: "none"}
PADDINGS = {h5t.STR_NULLTERM: "null-terminated", h5t.STR_NULLPAD: "null-padded", h5t.STR_SPACEPAD: "space-padded"}
LAYOUTS = {h5d.COMPACT: "compact", h5d.CONTIGUOUS: "contiguous", h5d.CHUNKED: "chunked", h5d.VIRTUAL: "virtual"}
HEAD = 5


def text(name):
    return name.decode("utf-8", "backslashreplace")


def order(tid):
    return ORDERS[tid.get_order()]


def describe(tid):
    """A complete description of a type in words."""
    kind, size = tid.get_class(), tid.get_size()
    if kind == h5t.BITFIELD:
        return {"class": "bitfield", "size": size, "order": order(tid)}
    if kind in (h5t.INTEGER, h5t.FLOAT):
        bits = {"size": size, "order": order(tid), "precision": tid.get_precision(), "offset": tid.get_offset()}
        if kind == h5t.INTEGER:
            return {"class": "integer", "signed": tid.get_sign() == h5t.SGN_2, **bits}
        return {"class": "float", **bits, "fields": list(tid.get_fields()), "bias": tid.get_ebias()}
    if kind == h5t.STRING:
        return {
            "class": "string",
            "size": None if tid.is_variable_str() else size,
            "charset": "utf-8" if tid.get_cset() == h5t.CSET_UTF8 else "ascii",
            "padding": PADDINGS[tid.get_strpad()],
        }
    if kind == h5t.COMPOUND:
        members = [
            [text(tid.get_member_name(i)), tid.get_member_offset(i), describe(tid.get_member_type(i))]
            for i in range(tid.get_nmembers())
        ]
        return {"class": "compound", "size": size, "members": sorted(members, key=lambda member: member[1])}
    if kind == h5t.ENUM:
        members = [[text(tid.get_member_name(i)), str(tid.get_member_value(i))] for i in range(tid.get_nmembers())]
        return {"class": "enum", "base": describe(tid.get_super()), "members": sorted(members)}
    if kind == h5t.ARRAY:
        return {"class": "array", "base": describe(tid.get_super()), "shape": list(tid.get_array_dims())}
    if kind == h5t.VLEN:
        return {"class": "vlen", "base": describe(tid.get_super())}
    if kind == h5t.OPAQUE:
        return {"class": "opaque", "size": size, "tag": text(tid.get_tag())}
    if kind == h5t.REFERENCE:
        return {"class": "reference", "to": "object" if tid.equal(h5t.STD_REF_OBJ) else "region"}
    if kind == h5t.TIME:
        return {"class": "time", "size": size}
    raise TypeError("type of class %d" % kind)


class Unreadable(Exception):
    """Raised where h5py has no value, or a value that differs from the file."""


def ensure_readable(described):
    """Raises Unreadable for types that h5py converts: floats wider than 64 bits to the processor's own, some others to other bytes."""
    kind = described["class"]
    if kind == "float" and described["size"] > 8:
        raise Unreadable("float of %d bytes" % described["size"])
    if kind in ("bitfield", "time"):
        raise Unreadable(kind)
    if kind == "vlen" and described["base"].get("order") == "big":
        raise Unreadable("sequence of big-endian numbers, which h5py 3.7 gives with their bytes the wrong way round")
    if "base" in described:
        ensure_readable(described["base"])
    for _, _, member in described.get("members", []) if kind == "compound" else []:
        ensure_readable(member)


def has_heap(described):
    """Whether an element only holds the address of its values in a heap."""
    kind = described["class"]
    if kind == "compound":
        return any(has_heap(member) for _, _, member in described["members"])
    return kind == "vlen" or described.get("size") is None and kind == "string" or kind == "array" and has_heap(described["base"])


def read(holder, values, memory):
    if 0 in values.shape:
        return
    if isinstance(holder, h5d.DatasetID):
        holder.read(h5s.ALL, h5s.ALL, values, memory)
    else:
        holder.read(values, memory)


def sized(data):
    return struct.pack("<I", len(data)) + data


class Walk:
    def __init__(self, file):
        self.file = file
        self.seen = {}

    def key(self, oid):
        info = h5o.get_info(oid)
        return info.fileno, info.addr

    def named(self, reference):
        """The first path on which this walk reached the target of a reference."""
        if not reference:
            return ""
        try:
            target = h5r.dereference(reference, self.file.id)
        except Exception:
            return "?"
        return self.seen.get(self.key(target), "?") if target else "?"

    def region(self, reference):
        """The dataset of a region reference, and the hash of the canonical bytes of its selection."""
        if not reference:
            return ""
        try:
            target = h5r.dereference(reference, self.file.id)
            space = h5r.get_region(reference, target)
        except Exception:
            return "?"
        count = space.get_select_npoints()
        values = np.zeros((count,), target.dtype)
        target.read(h5s.create_simple((count,)), space, values, h5t.py_create(target.dtype))
        data = self.canonical(values, describe(target.get_type()))
        return "%s %d %s" % (self.seen.get(self.key(target), "?"), count, hashlib.sha256(data).hexdigest())

    def canonical(self, values, described):
        """Canonical bytes of an array: row by row, and column by column for compounds.

        Integers, enums and bools as 64-bit little-endian two's complement, floats as little-endian float64 (any NaN as one),
        strings and the texts of references as a 32-bit length and their bytes, opaque bytes unchanged, sequences as a 32-bit
        number of elements and the elements.
        """
        kind = described["class"]
        if kind in ("integer", "enum"):
            return values.astype("<u8" if values.dtype.kind == "u" else "<i8").tobytes()
        if kind == "float":
            wide = values.astype("<f8")
            wide[np.isnan(wide)] = np.nan
            return wide.tobytes()
        if kind == "compound":
            if values.dtype.kind == "c":
                parts = {"r": values.real, "i": values.imag}
            else:
                parts = {name: values[name] for name in values.dtype.names}
            return b"".join(self.canonical(parts[name], t) for name, _, t in described["members"])
        if kind == "array":
            return self.canonical(values, described["base"])
        if kind == "string":
            return b"".join(sized(bytes(value)) for value in values.flat)
        if kind == "opaque":
            return values.tobytes()
        if kind == "vlen":
            parts = []
            for value in values.flat:
                value = np.asarray(value)
                parts.append(struct.pack("<I", value.shape[0] if value.shape else 0))
                if value.size:
                    parts.append(self.canonical(value, described["base"]))
            return b"".join(parts)
        if kind == "reference":
            tell = self.named if described["to"] == "object" else self.region
            return b"".join(sized(tell(value).encode()) for value in values.flat)
        raise Unreadable(kind)

    def value(self, holder, described, shape):
        """The values of an open dataset or attribute, by low-level calls, which keep strings as bytes."""
        if shape is None:
            return None
        answer = {"count": int(np.prod(shape, dtype=np.int64))}
        if not has_heap(described):
            stored = np.zeros(shape, "V%d" % holder.get_type().get_size())
            read(holder, stored, holder.get_type())
            answer["raw"] = hashlib.sha256(stored.tobytes()).hexdigest()
        try:
            ensure_readable(described)
            values = np.zeros(shape, holder.dtype)
            # HDF5 truncates a null-terminated string at its first NUL when it converts it.
            is_cut = described.get("padding") == "null-terminated" and not has_heap(described)
            read(holder, values, holder.get_type() if is_cut else h5t.py_create(holder.dtype))
            answer["sha256"] = hashlib.sha256(self.canonical(values, described)).hexdigest()
        except Unreadable as error:
            answer["unreadable"] = str(error)
        except Exception as error:
            answer["unreadable"] = "%s: %s" % (type(error).__name__, error)
        else:
            answer["head"] = [repr(value) for value in values.flat[:HEAD]] if values.dtype.kind != "O" else []
        return answer

    def shape(self, space):
        if space.get_simple_extent_type() == h5s.NULL:
            return None, None
        limits = [None if n == h5s.UNLIMITED else int(n) for n in space.get_simple_extent_dims(True)]
        return [int(n) for n in space.get_simple_extent_dims()], limits

    def attributes(self, oid, path):
        names = sorted(h5a.open(oid, index=i).name for i in range(h5a.get_num_attrs(oid)))
        for name in names:
            attribute = h5a.open(oid, name)
            shape, _ = self.shape(attribute.get_space())
            described = describe(attribute.get_type())
            yield {
                "path": path,
                "attribute": text(name),
                "type": described,
                "shape": shape,
                "value": self.value(attribute, described, shape),
            }

    def dataset(self, did, path):
        described = describe(did.get_type())
        shape, limits = self.shape(did.get_space())
        plist = did.get_create_plist()
        layout = plist.get_layout()
        # h5py returns at most 16 options of a filter, and garbage after them; scale-offset has two options and stores whatever
        # was in memory after them.
        filters = [
            [f[0], list(f[2])[: 2 if f[0] == 6 else 16]] for f in (plist.get_filter(i) for i in range(plist.get_nfilters()))
        ]
        external = [text(plist.get_external(i)[0]) for i in range(plist.get_external_count())]
        if external:
            value = {"unreadable": "elsewhere"}
        else:
            value = self.value(did, described, shape)
        return {
            "path": path,
            "kind": "dataset",
            "type": described,
            "shape": shape,
            "maxShape": limits,
            "layout": LAYOUTS[layout],
            "chunks": list(plist.get_chunk()) if layout == h5d.CHUNKED else None,
            "filters": filters,
            "external": external,
            "value": value,
        }

    def number(self, oid, path):
        """Collects only paths first, since references may point to objects later in the walk."""
        key = self.key(oid)
        if key in self.seen:
            return
        self.seen[key] = path
        if isinstance(oid, h5g.GroupID):
            for name in sorted(oid):
                if oid.links.get_info(name).type == h5l.TYPE_HARD:
                    self.number(h5o.open(oid, name), path.rstrip("/") + "/" + text(name))

    def link(self, group, name, path):
        info = group.links.get_info(name)
        if info.type == h5l.TYPE_SOFT:
            return ["soft", text(group.links.get_val(name))]
        if info.type == h5l.TYPE_EXTERNAL:
            return ["external", *map(text, group.links.get_val(name))]
        if info.type != h5l.TYPE_HARD:
            return ["user-defined"]
        return ["hard", self.seen[self.key(h5o.open(group, name))]]

    def lines(self, oid, path):
        if isinstance(oid, h5g.GroupID):
            names = sorted(oid)
            links = {text(name): self.link(oid, name, path) for name in names}
            yield {"path": path, "kind": "group", "links": links}
        elif isinstance(oid, h5d.DatasetID):
            names = []
            yield self.dataset(oid, path)
        else:
            names = []
            yield {"path": path, "kind": "datatype", "type": describe(oid)}
        yield from self.attributes(oid, path)
        for name in names:
            below = path.rstrip("/") + "/" + text(name)
            if links[text(name)] == ["hard", below]:
                yield from self.lines(h5o.open(oid, name), below)


def main():
    for name in sys.argv[1:]:
        print(json.dumps({"file": name}))
        try:
            file = h5py.File(name, "r")
        except OSError as error:
            print(json.dumps({"unreadable": str(error)}))
            continue
        with file:
            root = h5o.open(file.id, b"/")
            walk = Walk(file)
            walk.number(root, "/")
            for line in walk.lines(root, "/"):
                print(json.dumps(line))


main()
