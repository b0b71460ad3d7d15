"""philox.json: known answers of Philox 4x32-10.

The first three are published: `tests/kat_vectors` of Random123 1.14.0, which goes with Salmon et al.,
"Parallel Random Numbers: As Easy as 1, 2, 3" (2011). The others come from the plain implementation
below, which must first reproduce those three. NumPy has only Philox 4x64.
"""

import golden

ROUNDS = 10
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
MASK = 0xFFFFFFFF

PUBLISHED = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]

# One word at a time, so that a swapped word shows, then counters as a program would use them.
FURTHER = [
    ([1, 0, 0, 0], [0, 0]),
    ([0, 1, 0, 0], [0, 0]),
    ([0, 0, 1, 0], [0, 0]),
    ([0, 0, 0, 1], [0, 0]),
    ([0, 0, 0, 0], [1, 0]),
    ([0, 0, 0, 0], [0, 1]),
    ([MASK, 0, 0, 0], [0, 0]),
    ([0, MASK, 0, 0], [0, 0]),
    ([0, 0, MASK, 0], [0, 0]),
    ([0, 0, 0, MASK], [0, 0]),
    ([0, 0, 0, 0], [MASK, 0]),
    ([0, 0, 0, 0], [0, MASK]),
    ([1, 2, 3, 4], [5, 6]),
    ([4, 3, 2, 1], [6, 5]),
    ([0x80000000, 0, 0x80000000, 0], [0x80000000, 0]),
    ([0, 0x80000000, 0, 0x80000000], [0, 0x80000000]),
    ([7, 0, 2, 1], [42, 0]),
    ([8, 0, 2, 1], [42, 0]),
    ([1_000_000, 3, 1, 99], [20240229, 0]),
    ([0xDEADBEEF, 0xCAFEBABE, 0x01234567, 0x89ABCDEF], [0xFEDCBA98, 0x76543210]),
]


def philox(counter, key):
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        product0 = MULTIPLIERS[0] * c0
        product1 = MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (product1 >> 32) ^ c1 ^ k0, product1 & MASK, (product0 >> 32) ^ c3 ^ k1, product0 & MASK
        k0, k1 = (k0 + WEYL[0]) & MASK, (k1 + WEYL[1]) & MASK
    return [c0, c1, c2, c3]


def words(text):
    return [int(word, 16) for word in text.split()]


def answer(source, counter, key, output):
    return {"source": source, "counter": counter, "key": key, "output": output}


def main():
    published = [answer("Random123", *map(words, texts)) for texts in PUBLISHED]
    for vector in published:
        assert philox(vector["counter"], vector["key"]) == vector["output"], vector
    further = [answer("make_philox.py", counter, key, philox(counter, key)) for counter, key in FURTHER]
    golden.write("philox.json", published + further)


if __name__ == "__main__":
    main()
