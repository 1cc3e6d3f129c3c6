"""Write a file with h5py that has every kind of type, in every layout and with every filter that h5py writes.

usage: make_types.py FILE

/types/NAME: a dataset of 6 x 5 elements of each type, with the attribute `value` of the same type (a scalar).
/layouts/TYPE/NAME: some types in all layouts and through all filters.
/spaces/NAME: scalar, empty and null dataspaces. /references/NAME: references to all of these.
"""
import sys

import h5py
import numpy as np
from h5py import h5a, h5d, h5p, h5s, h5t

SHAPE = (6, 5)
COUNT = 30


def integer(base, **set_to):
    tid = base.copy()
    for name, value in set_to.items():
        getattr(tid, "set_" + name)(*(value if isinstance(value, tuple) else (value,)))
    return tid


def string(size, charset, padding):
    tid = h5t.C_S1.copy()
    tid.set_size(h5t.VARIABLE if size is None else size)
    tid.set_cset(charset)
    tid.set_strpad(padding)
    return tid


def compound(size, *members):
    tid = h5t.create(h5t.COMPOUND, size)
    for name, offset, member in members:
        tid.insert(name, offset, member)
    return tid


def enum(base, **members):
    tid = h5t.enum_create(base)
    for name, value in members.items():
        tid.enum_insert(name.encode(), value)
    return tid


def opaque(size, tag):
    tid = h5t.create(h5t.OPAQUE, size)
    tid.set_tag(tag)
    return tid


def bfloat16(base):
    tid = base.copy()
    tid.set_fields(15, 7, 8, 0, 7)
    tid.set_precision(16)
    tid.set_offset(0)
    tid.set_size(2)
    tid.set_ebias(127)
    return tid


ASCII, UTF8 = h5t.CSET_ASCII, h5t.CSET_UTF8
POINT = compound(24, (b"x", 0, h5t.IEEE_F64LE), (b"y", 8, h5t.IEEE_F32BE), (b"id", 12, h5t.STD_I64LE))
VLEN_STRING = string(None, UTF8, h5t.STR_NULLTERM)
SMALL = h5t.array_create(h5t.STD_I16LE, (2, 3))

TYPES = {
    **{name: getattr(h5t, "STD_" + name.upper()) for name in (
        "i8le", "i8be", "i16le", "i16be", "i32le", "i32be", "i64le", "i64be",
        "u8le", "u8be", "u16le", "u16be", "u32le", "u32be", "u64le", "u64be")},
    **{name: getattr(h5t, "IEEE_" + name.upper()) for name in ("f32le", "f32be", "f64le", "f64be")},
    "f16le": h5t.IEEE_F16LE,
    "f16be": h5t.IEEE_F16BE,
    "bfloat16": bfloat16(h5t.IEEE_F32LE),
    "longdouble": h5t.NATIVE_LDOUBLE,
    "i24le": integer(h5t.STD_I32LE, precision=24, size=3),
    "u40be": integer(h5t.STD_U64BE, precision=40, size=5),
    "i12": integer(h5t.STD_I16LE, precision=12, offset=2),
    "u20": integer(h5t.STD_U32BE, precision=20, offset=5, pad=(h5t.PAD_ONE, h5t.PAD_ZERO)),
    "bool": h5t.py_create(np.dtype(bool), logical=True),
    "enum8": enum(h5t.STD_I8LE, RED=0, GREEN=1, BLUE=-1),
    "enum16be": enum(h5t.STD_U16BE, first=1, second=40000),
    "enum64": enum(h5t.STD_I64LE, low=-(2**63), high=2**63 - 1),
    "fixed_ascii_term": string(6, ASCII, h5t.STR_NULLTERM),
    "fixed_ascii_pad": string(6, ASCII, h5t.STR_NULLPAD),
    "fixed_ascii_space": string(6, ASCII, h5t.STR_SPACEPAD),
    "fixed_utf8_term": string(8, UTF8, h5t.STR_NULLTERM),
    "fixed_utf8_pad": string(8, UTF8, h5t.STR_NULLPAD),
    "fixed_utf8_space": string(8, UTF8, h5t.STR_SPACEPAD),
    "vlen_ascii": string(None, ASCII, h5t.STR_NULLTERM),
    "vlen_utf8": VLEN_STRING,
    "vlen_utf8_space": string(None, UTF8, h5t.STR_SPACEPAD),
    "complex64": h5t.py_create(np.dtype("c8"), logical=True),
    "complex128": h5t.py_create(np.dtype("c16"), logical=True),
    "complex128be": h5t.py_create(np.dtype(">c16"), logical=True),
    "point": POINT,
    "packed": compound(9, (b"flag", 0, h5t.STD_U8LE), (b"value", 1, h5t.IEEE_F64LE)),
    "nested": compound(40, (b"at", 0, POINT), (b"color", 24, enum(h5t.STD_I8LE, RED=0, GREEN=1, BLUE=-1)),
                       (b"tag", 25, string(3, ASCII, h5t.STR_NULLPAD)), (b"grid", 28, SMALL)),
    "with_text": compound(24, (b"name", 0, VLEN_STRING), (b"n", 8, h5t.STD_I32LE)),
    "array": SMALL,
    "array_of_strings": h5t.array_create(string(3, ASCII, h5t.STR_NULLPAD), (2,)),
    "array_of_points": h5t.array_create(POINT, (2,)),
    "vlen_i32": h5t.vlen_create(h5t.STD_I32LE),
    "vlen_f64be": h5t.vlen_create(h5t.IEEE_F64BE),
    "opaque": opaque(5, b"five bytes"),
    "opaque_no_tag": opaque(3, b""),
    "bitfield8": h5t.STD_B8LE,
    "bitfield16be": h5t.STD_B16BE,
    "bitfield64": h5t.STD_B64LE,
    "unix_time": h5t.UNIX_D32LE,
    "unix_time64be": h5t.UNIX_D64BE,
}

TEXT = ["", "a", "naïve", "東京", "ab  ", "five5", " x", "z"]


def numbers(dtype):
    """Numbers over the whole range of a type, with the special values of floats."""
    if dtype.kind == "f":
        values = np.linspace(-3, 7, COUNT).astype(dtype)
        values[:5] = [np.nan, np.inf, -np.inf, -0.0, np.finfo(dtype).max]
        return values
    if dtype.kind == "b":
        return np.arange(COUNT) % 3 == 0
    if dtype.kind == "c":
        return (np.arange(COUNT) + 1j * np.linspace(-1, 1, COUNT)).astype(dtype)
    limits = np.iinfo(dtype)
    values = np.arange(COUNT).astype(dtype)
    values[:2] = [limits.min, limits.max]
    return values


def memory_of(tid):
    """The memory type of the values below: raw bytes for types that numpy does not have."""
    kind = tid.get_class()
    if kind in (h5t.BITFIELD, h5t.TIME, h5t.OPAQUE) or (kind == h5t.INTEGER and tid.get_size() in (3, 5)):
        return tid, np.dtype("V%d" % tid.get_size())
    return h5t.py_create(tid.dtype), tid.dtype


def filled(tid):
    kind, size = tid.get_class(), tid.get_size()
    memory, dtype = memory_of(tid)
    if dtype.kind == "V" and memory is tid:
        return np.arange(COUNT * size, dtype="u1").view(dtype)
    if kind == h5t.INTEGER and tid.get_precision() < 8 * size:
        return (np.arange(COUNT) - (15 if tid.get_sign() else 0)).astype(dtype)
    if kind == h5t.ENUM and dtype.kind != "b":
        members = [tid.get_member_value(i) for i in range(tid.get_nmembers())]
        return np.array([members[i % len(members)] for i in range(COUNT)]).astype(dtype)
    if kind == h5t.STRING:
        encoded = [text.encode() for text in TEXT if tid.get_cset() == UTF8 or text.isascii()]
        fitting = [text for text in encoded if tid.is_variable_str() or len(text) < size]
        return np.array([fitting[i % len(fitting)] for i in range(COUNT)], dtype=dtype)
    if kind == h5t.COMPOUND and dtype.kind != "c":
        values = np.zeros(COUNT, dtype)
        for i in range(tid.get_nmembers()):
            name = dtype.names[i]
            values[name] = filled(tid.get_member_type(i))
        return values
    if kind == h5t.ARRAY:
        base, shape = tid.get_super(), tid.get_array_dims()
        one = filled(base)
        length = int(np.prod(shape))
        return np.array([[one[(i + j) % COUNT] for j in range(length)] for i in range(COUNT)],
                        dtype=one.dtype).reshape((COUNT, *shape))
    if kind == h5t.VLEN:
        values = np.empty(COUNT, object)
        one = filled(tid.get_super())
        for i in range(COUNT):
            values[i] = one[: i % 5]
        return values.astype(dtype)
    return numbers(dtype)


def make(group, name, tid, plist=None):
    values = filled(tid)
    memory, _ = memory_of(tid)
    dataset = h5d.create(group.id, name.encode(), tid, h5s.create_simple(SHAPE), plist)
    dataset.write(h5s.ALL, h5s.ALL, values.reshape(SHAPE + values.shape[1:]), memory)
    attribute = h5a.create(dataset, b"value", tid, h5s.create(h5s.SCALAR))
    attribute.write(values[7:8].reshape(values.shape[1:]) if tid.get_class() != h5t.VLEN else values[7:8].reshape(()), memory)
    return dataset


def layouts():
    def creation(**calls):
        plist = h5p.create(h5p.DATASET_CREATE)
        for name, arguments in calls.items():
            getattr(plist, "set_" + name)(*arguments)
        return plist

    chunk = {"chunk": ((4, 2),)}
    return {
        "compact": creation(layout=(h5d.COMPACT,)),
        "contiguous": creation(layout=(h5d.CONTIGUOUS,)),
        "chunked": creation(**chunk),
        "deflate": creation(**chunk, deflate=(6,)),
        "shuffle": creation(**chunk, shuffle=()),
        "fletcher32": creation(**chunk, fletcher32=()),
        "shuffle_deflate_fletcher32": creation(**chunk, shuffle=(), deflate=(1,), fletcher32=()),
        "early": creation(**chunk, alloc_time=(h5d.ALLOC_TIME_EARLY,)),
    }


def main():
    with h5py.File(sys.argv[1], "w") as file:
        types = file.create_group("types")
        for name, tid in TYPES.items():
            make(types, name, tid)
        for kind in ("i32le", "f64be", "u16be", "point", "fixed_utf8_pad", "enum8", "vlen_utf8"):
            group = file.create_group("layouts/" + kind)
            for name, plist in layouts().items():
                # HDF5 does not checksum values in heaps.
                if kind != "vlen_utf8" or "fletcher32" not in name:
                    make(group, name, TYPES[kind], plist)
        file.create_dataset("lzf", data=np.arange(3000).reshape(60, 50) % 7, chunks=(20, 20), compression="lzf", shuffle=True)
        group = file.create_group("layouts/packed_integers")
        for kind in ("i32le", "u16be", "i12"):
            group.create_group(kind)
            plist = h5p.create(h5p.DATASET_CREATE)
            plist.set_chunk((4, 2))
            plist.set_filter(5, 0, ())
            make(group[kind], "nbit", TYPES[kind], plist)
        for name, kind in (("i32le", "i32le"), ("u16be", "u16be")):
            group[name].create_dataset("scaleoffset", data=np.arange(30).reshape(SHAPE), chunks=(4, 2), scaleoffset=0,
                                       dtype=TYPES[kind].dtype)
        group = file.create_group("fill")
        group.create_dataset("number", (6, 5), "f8", fillvalue=-1.5, chunks=(2, 2))
        group.create_dataset("never written", (6, 5), "i4", fillvalue=7)
        group.create_dataset("point", (3,), POINT.dtype, fillvalue=np.array((1, 2, 3), POINT.dtype))
        group.create_dataset("growing", (3, 2), ">u2", maxshape=(None, 4), chunks=(2, 2), fillvalue=9)
        spaces = file.create_group("spaces")
        spaces["scalar"], spaces["scalar text"] = 5, "text"
        spaces["null"] = h5py.Empty("f4")
        spaces.create_dataset("empty", (0, 3), "i8")
        spaces.create_dataset("eight axes", data=np.arange(256).reshape((2,) * 8))
        spaces.attrs["null"], spaces.attrs["empty"] = h5py.Empty("S10"), np.zeros((0, 2), "u2")
        references = file.create_group("references")
        targets = ["/types", "/types/point", "/spaces/null"]
        references["objects"] = np.array([file[path].ref for path in targets] + [h5py.Reference()], h5py.ref_dtype)
        dataset = file["types/i32le"]
        regions = [dataset.regionref[1:5:2, ::3], dataset.regionref[:, [0, 2]], h5py.RegionReference()]
        references["regions"] = np.array(regions, h5py.regionref_dtype)
        file["named"] = np.dtype([("a", "<i4"), ("b", ">f8")])


main()
