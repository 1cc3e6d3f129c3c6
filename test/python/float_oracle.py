"""Check conversions of floats: by numpy where it has the type, otherwise by exact fractions.

usage: float_oracle.py FILE

/inputs/NAME: values as '<f8' or '<f4'; /written/NAME: the same values converted to the type when written. /patterns/NAME:
elements written as raw bits; /read/NAME: the values read from them, as the bits of '<f4' or '<f8'. The attribute `layout` of
/written/NAME and /patterns/NAME describes a type that numpy does not have. Prints a JSON list of the differing elements, at most
20 of each.
"""
import json
import sys
from fractions import Fraction

import h5py
import numpy as np

path = sys.argv[1]
differences = []


def raw(dataset):
    """The raw bytes in the file."""
    with open(path, "rb") as bytes_of:
        bytes_of.seek(dataset.id.get_offset())
        return bytes_of.read(dataset.id.get_storage_size())


def words(dataset, size, order):
    data = raw(dataset)
    elements = [data[at : at + size] for at in range(0, len(data), size)]
    if order == "vax":
        elements = [b"".join(e[at : at + 2] for at in range(size - 2, -1, -2)) for e in elements]
    return [int.from_bytes(e, "big" if order == "big" else "little") for e in elements]


def with_padding(layout, size, word):
    low, high = layout["padding"]
    first, end = layout["offset"], layout["offset"] + layout["precision"]
    fields = 1 << layout["sign"]
    for field in (layout["exponent"], layout["mantissa"]):
        fields |= ((1 << field["bits"]) - 1) << field["at"]
    for at in range(8 * size):
        pad = low if at < first else high if at >= end else layout["inner"]
        if pad == "one" and not fields >> at & 1:
            word |= 1 << at
    return word


def encoded(layout, size, value):
    """The element nearest to the float64 `value`."""
    explicit = layout["normalization"] != "implied"
    fraction_bits = layout["mantissa"]["bits"] - explicit
    most = (1 << layout["exponent"]["bits"]) - 1
    bits = int(np.float64(value).view("u8"))
    negative = bits >> 63
    if value != value:
        payload = (bits & ((1 << 52) - 1)) << 128 >> (128 + 52 - fraction_bits)
        exponent, mantissa = most, payload or 1
        mantissa |= explicit << fraction_bits
    elif abs(value) == float("inf"):
        exponent, mantissa = most, explicit << fraction_bits
    elif value == 0:
        exponent, mantissa = 0, 0
    else:
        exact = abs(Fraction(value))
        power = exact.numerator.bit_length() - exact.denominator.bit_length()
        power -= exact < Fraction(2) ** power
        power = max(power, 1 - layout["bias"])
        mantissa = round(exact / Fraction(2) ** (power - fraction_bits))
        if mantissa == 2 << fraction_bits:
            mantissa, power = mantissa >> 1, power + 1
        exponent = power + layout["bias"] if mantissa >> fraction_bits else 0
        if exponent >= most:
            exponent, mantissa = most, 1 << fraction_bits
        if not explicit:
            mantissa &= (1 << fraction_bits) - 1
    word = negative << layout["sign"] | exponent << layout["exponent"]["at"] | mantissa << layout["mantissa"]["at"]
    return with_padding(layout, size, word)


def decoded(layout, word):
    """The exact value of an element as a float64."""
    field = lambda of: word >> of["at"] & ((1 << of["bits"]) - 1)
    explicit = layout["normalization"] != "implied"
    fraction_bits = layout["mantissa"]["bits"] - explicit
    exponent, mantissa = field(layout["exponent"]), field(layout["mantissa"])
    negative = word >> layout["sign"] & 1
    if exponent == (1 << layout["exponent"]["bits"]) - 1:
        payload = mantissa & ((1 << fraction_bits) - 1)
        bits = negative << 63 | 0x7FF << 52 | payload << (52 - fraction_bits)
        return np.uint64(bits).view("f8")
    if not explicit and exponent:
        mantissa |= 1 << fraction_bits
    power = max(exponent, 1) - layout["bias"] - fraction_bits
    size = np.float64(float(Fraction(mantissa) * Fraction(2) ** power))
    return -size if negative else size


def compare(name, inputs, found, expected):
    for i in np.flatnonzero(np.asarray(found) != np.asarray(expected))[:20]:
        differences.append([name, str(inputs[i]), hex(int(found[i])), hex(int(expected[i]))])


def numpys(type_):
    return np.dtype(type_).newbyteorder("<").str.replace("f", "u")


with h5py.File(path, "r") as f, np.errstate(all="ignore"):
    for name, dataset in f.get("written", {}).items():
        source = f["inputs"][name]
        inputs = np.frombuffer(raw(source), source.dtype)
        if "layout" in dataset.attrs:
            spec = json.loads(dataset.attrs["layout"])
            layout, size = spec["layout"], spec["size"]
            found = words(dataset, size, spec["order"])
            expected = [encoded(layout, size, value) for value in inputs.astype("f8").tolist()]
            # tolist keeps the bits of every NaN; astype keeps those of quiet NaNs.
            compare(name, inputs, [np.uint64(w) for w in found], [np.uint64(w) for w in expected])
        else:
            bits = dataset.dtype.str.replace("f", "u")
            compare(name, inputs, np.frombuffer(raw(dataset), bits), inputs.astype(dataset.dtype).view(bits))
    for name, dataset in f.get("patterns", {}).items():
        read = f["read"][name]
        found = np.frombuffer(raw(read), read.dtype)
        if "layout" in dataset.attrs:
            spec = json.loads(dataset.attrs["layout"])
            patterns = words(dataset, spec["size"], spec["order"])
            values = [decoded(spec["layout"], word) for word in patterns]
            wide = np.array(values, "f8").view("u8")
            if read.dtype == "<u4":
                # Numbers are compared by value, NaN by the bits that float32 keeps.
                nan = np.isnan(wide.view("f8"))
                narrow = wide.view("f8").astype("f4").view("u4")
                kept = ((wide >> 32 & 0x80000000) | 0x7F800000 | (wide >> 29 & 0x7FFFFF)).astype("u4")
                wide = np.where(nan, kept, narrow)
            compare(name, [hex(p) for p in patterns], found, wide)
        else:
            patterns = np.frombuffer(raw(dataset), dataset.dtype)
            wide = patterns.astype("<f%d" % read.dtype.itemsize).view(read.dtype)
            compare(name, patterns, found, wide)

print(json.dumps(differences))
