"""Writes small files in the formats of NumPy and of MNIST: fuzz_seeds.py npy|idx FOLDER."""

import pathlib
import struct
import sys

kind, folder = sys.argv[1], pathlib.Path(sys.argv[2])
if kind == "npy":
    for version in (1, 2, 3):
        for dtype, size in (("<f4", 4), (">i8", 8), ("|u1", 1), ("|b1", 1), ("<U3", 12)):
            for order in (False, True):
                header = f"{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': (2, 3), }}"
                width = 2 if version == 1 else 4
                header += " " * (-(9 + width + len(header)) % 64) + "\n"
                start = b"\x93NUMPY" + bytes([version, 0]) + len(header).to_bytes(width, "little")
                name = f"{version}-{dtype[1:]}-{order}.npy"
                (folder / name).write_bytes(start + header.encode() + bytes(6 * size))
else:
    labels = struct.pack(">II", 0x0801, 3) + bytes([0, 1, 2])
    images = struct.pack(">IIII", 0x0803, 3, 2, 2) + bytes(range(12))
    (folder / "three").write_bytes(struct.pack(">H", len(labels)) + labels + images)
