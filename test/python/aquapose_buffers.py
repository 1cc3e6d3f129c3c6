"""The method of AquaPose's writers: frame by frame into buffers, and full buffers into HDF5."""
import json
import sys

import h5py
import numpy as np


class Writer:
    """The subclasses make the group and store the records of a frame."""

    def __init__(self, path, slots, rows):
        self.file = h5py.File(path, "w")
        self.slots, self.rows, self.count = slots, rows, 0
        self.datasets, self.buffers, self.fills = {}, {}, {}

    def create(self, group, layout, **filters):
        """Creates the datasets: {name: (shape of a row, type, fill value)}."""
        for name, (row, dtype, fill) in layout.items():
            self.datasets[name] = group.create_dataset(
                name, (0,) + row, dtype, maxshape=(None,) + row, chunks=(self.rows,) + row, fillvalue=fill, **filters)
            self.buffers[name] = np.full((self.rows,) + row, fill, dtype)
            self.fills[name] = fill

    def values_of(self, fish):
        """The values of a fish, by the names of their datasets."""
        raise NotImplementedError

    def write_frame(self, frame_index, records):
        self.buffers["frame_index"][self.count] = frame_index
        for slot, fish in enumerate(sorted(records, key=lambda fish: fish["fishId"])[: self.slots]):
            for name, value in self.values_of(fish).items():
                self.buffers[name][self.count, slot] = value
        self.count += 1
        if self.count == self.rows:
            self.flush()

    def flush(self):
        for name, dataset in self.datasets.items():
            start = dataset.shape[0]
            dataset.resize(start + self.count, axis=0)
            dataset[start:] = self.buffers[name][: self.count]
            self.buffers[name][:] = self.fills[name]
        self.count = 0

    def close(self):
        if self.count:
            self.flush()
        self.file.close()


def main(writer_class, records):
    """Writes the frames of the standard input: a header, then lines whose member `records` holds the fish."""
    header = json.loads(sys.stdin.readline())
    writer = writer_class(sys.argv[1], **header)
    for line in sys.stdin:
        frame = json.loads(line)
        writer.write_frame(int(frame["frameIndex"]), frame[records])
    writer.close()
