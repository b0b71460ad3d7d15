"""Writes small files in the formats of NumPy and of MNIST: fuzz_seeds.py npy|npz|idx FOLDER."""

import pathlib
import struct
import sys
import zipfile

# Sizes of an element; the last is a text.
DTYPES = {"<f4": 4, "<f8": 8, "<i8": 8, ">i8": 8, "<i4": 4, ">f4": 4, "|u1": 1, "|b1": 1, "<U3": 12}


def name(dtype):
    return dtype.strip("<|").replace(">", "big-")


def array(dtype, version=1, fortran=False, shape=(2, 3)):
    """A .npy file, whose elements count up."""
    header = f"{{'descr': '{dtype}', 'fortran_order': {fortran}, 'shape': {shape}, }}"
    width = 2 if version == 1 else 4
    header += " " * (-(9 + width + len(header)) % 64) + "\n"
    start = b"\x93NUMPY" + bytes([version, 0]) + len(header).to_bytes(width, "little")
    count = 1
    for side in shape:
        count *= side
    limit = 2 if dtype == "|b1" else 100
    elements = [bytes([i % limit]) + bytes(DTYPES[dtype] - 1) for i in range(count)]
    return start + header.encode() + b"".join(elements)


def write_arrays(folder):
    for version in (1, 2, 3):
        for dtype in DTYPES:
            for fortran in (False, True):
                (folder / f"{version}-{name(dtype)}-{fortran}.npy").write_bytes(array(dtype, version, fortran))


def write_archives(folder):
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        every = {}
        for dtype in DTYPES:
            contents = array(dtype, shape=(5,) if dtype == "<U3" else (2, 3))
            every[f"{name(dtype)}.npy"] = contents
            with zipfile.ZipFile(folder / f"{method}-{name(dtype)}.npz", "w", method) as archive:
                archive.writestr("x.npy", contents)
        with zipfile.ZipFile(folder / f"{method}-all.npz", "w", method) as archive:
            for file, contents in every.items():
                archive.writestr(file, contents)
            archive.writestr("readme.txt", "no array")
            archive.comment = b"a comment"
        # As np.savez writes each of its files.
        with zipfile.ZipFile(folder / f"{method}-zip64.npz", "w", method) as archive:
            with archive.open("x.npy", "w", force_zip64=True) as file:
                file.write(array("<f4"))


def write_images(folder):
    labels = struct.pack(">II", 0x0801, 3) + bytes([0, 1, 2])
    images = struct.pack(">IIII", 0x0803, 3, 2, 2) + bytes(range(12))
    (folder / "three").write_bytes(struct.pack(">H", len(labels)) + labels + images)


{"npy": write_arrays, "npz": write_archives, "idx": write_images}[sys.argv[1]](pathlib.Path(sys.argv[2]))
