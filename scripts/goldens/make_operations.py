"""operations.json: forward values and gradients of every operation, from PyTorch in float64."""

import golden
from operations import convolution, elementwise, linear, loss, movement, pooling, reduction

FAMILIES = [convolution, pooling, linear, loss, elementwise, reduction, movement]


def main():
    cases = [case for family in FAMILIES for case in family.cases()]
    names = [case["name"] for case in cases]
    assert len(names) == len(set(names)), "two cases have the same name"
    golden.write("operations.json", cases)


if __name__ == "__main__":
    main()
