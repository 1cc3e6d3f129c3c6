"""Write tables in random CSV dialects with Python's own csv module, as input of `h5tracks import`.

usage: csv_dialects.py DIRECTORY COUNT SEED

Writes each table to DIRECTORY/N.csv and prints one line for it: {"args": [...], "cameras": [...], "frames": [...]}, the
arguments of h5tracks import that the dialect needs, and the expected content of the file.
"""
import codecs
import csv
import io
import json
import os
import random
import sys

SIDES = ["left", "top", "width", "height"]
EMPTY = ["", "NaN", "nan", "NA", "N/A", "NULL", "None", "<NA>", "-nan"]


def record(rng, fish, cameras):
    seen = [camera for camera in cameras if rng.random() < 0.7]
    known = rng.random() < 0.8
    return {
        "fishId": fish,
        "centroid3d": [rng.uniform(-100, 100) for _ in range(3)] if known else None,
        "confidence": rng.random() if rng.random() < 0.8 else -1,
        "reprojectionResidual": rng.uniform(0, 9) if rng.random() < 0.8 else -1,
        "nCameras": len(seen),
        "isConfirmed": rng.random() < 0.5,
        "cameraDetections": {camera: rng.randrange(20) for camera in seen},
        "bboxes": {camera: [rng.randrange(-5, 2000) for _ in SIDES] for camera in seen if rng.random() < 0.8},
    }


class Style:
    """How numbers and missing values are written in one table."""

    def __init__(self, rng, delimiter):
        self.rng = rng
        self.comma = delimiter == ";" and rng.random() < 0.5
        self.padded = rng.random() < 0.2
        self.scientific = rng.random() < 0.2
        self.pandas = rng.random() < 0.3
        self.empty = rng.sample(EMPTY, 2)
        self.truth = rng.choice([("True", "False"), ("true", "false"), ("TRUE", "FALSE"), ("1", "0"), ("T", "F")])

    def number(self, value):
        text = "%.17e" % value if self.scientific else repr(value)
        return self.dressed(text)

    def integer(self, value):
        text = "%.18e" % value if self.scientific else str(value) + ".0" * self.pandas
        return self.dressed(text)

    def dressed(self, text):
        if self.comma:
            text = text.replace(".", ",")
        return text.rjust(12) + " " if self.padded else text

    def missing(self):
        return self.rng.choice(self.empty)


def columns_of(rng, style, cameras):
    def optional(value, none, write):
        return style.missing() if value == none else write(value)

    columns = {
        "frame": lambda frame, fish: style.integer(frame),
        rng.choice(["id", "fish_id"]): lambda frame, fish: style.integer(fish["fishId"]),
        "confidence": lambda frame, fish: optional(fish["confidence"], -1, style.number),
        "residual": lambda frame, fish: optional(fish["reprojectionResidual"], -1, style.number),
        "n_cameras": lambda frame, fish: style.integer(fish["nCameras"]),
        "confirmed": lambda frame, fish: style.truth[0 if fish["isConfirmed"] else 1],
        "note, free; \t|": lambda frame, fish: rng.choice(["", "a,b;c\td|e", 'he said "no"', "#1", "caf\u00e9"]),
        " colour ": lambda frame, fish: rng.choice(["#ff0000", "red", ""]),
    }
    for i, axis in enumerate("xyz"):
        columns[axis] = lambda frame, fish, i=i: (
            style.number(fish["centroid3d"][i]) if fish["centroid3d"] else style.missing()
        )
    for camera in cameras:
        columns[camera + "_det_index"] = lambda frame, fish, c=camera: optional(
            fish["cameraDetections"].get(c, -1), -1, style.integer
        )
        for i, side in enumerate(SIDES):
            columns[camera + "_" + side] = lambda frame, fish, c=camera, i=i: (
                style.integer(fish["bboxes"][c][i]) if c in fish["bboxes"] else style.missing()
            )
    names = list(columns)
    rng.shuffle(names)
    return names, columns


def table(rng):
    cameras = rng.sample(["top", "front", "cam 3", "c\u00e2m"], rng.randrange(3))
    frames = [
        {"frame": n, "tracks": [record(rng, fish, cameras) for fish in sorted(rng.sample(range(9), rng.randrange(1, 5)))]}
        for n in range(rng.randrange(5), rng.randrange(8, 30))
    ]
    delimiter = rng.choice(",;\t|")
    style = Style(rng, delimiter)
    names, columns = columns_of(rng, style, cameras)
    rows = [(f["frame"], fish) for f in frames for fish in f["tracks"]]
    args = []
    order = rng.choice(["frame", "frame", "id", "shuffled"])
    if order == "id":
        rows.sort(key=lambda row: (row[1]["fishId"], row[0]))
    if order == "shuffled":
        rng.shuffle(rows)
    if order == "id":
        args.append("--sort")
    index, trailing = rng.random() < 0.2, rng.random() < 0.3

    def line(cells, number):
        return [str(number)] * index + cells + [""] * trailing

    ends = [rng.choice(["\r\n", "\n", "\r"])] * 2 if rng.random() < 0.7 else ["\r\n", "\n"]
    rng.shuffle(ends)
    text = io.StringIO(newline="")
    if rng.random() < 0.2:
        text.write("sep=" + delimiter + ends[0])
    if rng.random() < 0.2:
        text.write('# made by "nobody", 2026' + ends[0])
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    header, body = [
        csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end, doublequote=True) for end in ends
    ]
    header.writerow([""] * index + names + [""] * trailing)
    for number, (frame, fish) in enumerate(rows):
        body.writerow(line([columns[name](frame, fish) for name in names], number))
        if rng.random() < 0.02:
            text.write(rng.choice(["", delimiter * 3, "  "]) + ends[1])
    content = text.getvalue()
    if rng.random() < 0.3:
        content = content.rstrip("\r\n") if not trailing else content
    else:
        content += ends[1] * rng.randrange(3)
    encoded = rng.choice(
        [content.encode(), codecs.BOM_UTF8 + content.encode(), content.encode("utf-16-le"), content.encode("utf-16-be")]
    )
    if encoded[:2] == content[:1].encode("utf-16-le"):
        encoded = codecs.BOM_UTF16_LE + encoded
    elif encoded[:2] == content[:1].encode("utf-16-be"):
        encoded = codecs.BOM_UTF16_BE + encoded
    order = [name[: -len("_det_index")] for name in names if name.endswith("_det_index")]
    found = []
    for name in names:
        for camera in cameras:
            if name.startswith(camera + "_") and camera not in found:
                found.append(camera)
    assert sorted(order) == sorted(found)
    return encoded, {"args": args, "cameras": found, "frames": frames}


def main():
    directory, count, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    for n in range(count):
        encoded, expected = table(random.Random(seed + "/" + str(n)))
        with open(os.path.join(directory, str(n) + ".csv"), "wb") as file:
            file.write(encoded)
        print(json.dumps(expected))


main()
