"""Names of arbitrary bytes, through h5py's low-level API. `make FILE` reads names as hex, one per line, and makes objects,
attributes, members and soft links with these names. `tell FILE` prints the names in a file, as hex and as Python decodes them
(surrogateescape)."""
import json
import sys

import h5py
import numpy as np
from h5py import h5a, h5d, h5s, h5t

SCALAR = h5s.create(h5s.SCALAR)


def make(path, names):
    with h5py.File(path, "w") as f:
        compound = h5t.create(h5t.COMPOUND, 4 * len(names))
        enum = h5t.enum_create(h5t.STD_I16LE)
        for i, name in enumerate(names):
            dataset = h5d.create(f.id, name, h5t.STD_I32LE, SCALAR)
            dataset.write(SCALAR, SCALAR, np.array(i, "<i4"))
            attribute = h5a.create(f.id, name, h5t.STD_I32LE, SCALAR)
            attribute.write(np.array(i, "<i4"))
            compound.insert(name, 4 * i, h5t.STD_I32LE)
            enum.enum_insert(name, i)
        compound.commit(f.id, b":compound")
        enum.commit(f.id, b":enum")
        soft = f.create_group(":soft")
        for i, name in enumerate(names):
            soft.id.links.create_soft(b"%d" % i, b"/" + name)


def described(name):
    return [name.hex(), name.decode("utf-8", "surrogateescape")]


def tell(path):
    with h5py.File(path, "r") as f:
        links = []
        f.id.links.iterate(links.append)
        values = {}
        for name in links:
            if not name.startswith(b":"):
                value = np.zeros((), "<i4")
                h5d.open(f.id, name).read(SCALAR, SCALAR, value)
                values[name.hex()] = int(value)
        root = f["/"].id
        attributes = [h5a.open(root, index=i).name for i in range(h5a.get_num_attrs(root))]
        compound, enum = (h5t.open(f.id, name) for name in (b":compound", b":enum"))
        soft = f[":soft"]
        targets = [soft.id.links.get_val(b"%d" % i) for i in range(len(soft))]
        return {
            "links": [described(name) for name in links if not name.startswith(b":")],
            "values": values,
            "attributes": [described(name) for name in attributes],
            "members": [described(compound.get_member_name(i)) for i in range(compound.get_nmembers())],
            "values of the enum": [described(enum.get_member_name(i)) for i in range(enum.get_nmembers())],
            "targets": [described(name[1:]) for name in targets],
        }


if sys.argv[1] == "make":
    make(sys.argv[2], [bytes.fromhex(line.strip()) for line in sys.stdin])
else:
    print(json.dumps(tell(sys.argv[2])))
