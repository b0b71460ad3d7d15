"""Operations that only move numbers: pad, slice, transpose, concatenate, gather, where."""

import itertools

from golden import case, dyadic, random_for
import torch


def cases():
    return pad_cases() + slice_cases() + transpose_cases() + concatenate_cases() + gather_cases() + where_cases()


def pad_cases():
    return [
        pad("low", (3,), [2], [0], [0]),
        pad("high", (3,), [0], [2], [0]),
        pad("interior", (4,), [0], [0], [2]),
        pad("all", (2, 3), [1, 0], [0, 2], [1, 2], 1.5),
        pad("rank-4", (1, 2, 2, 2), [0, 1, 2, 0], [0, 2, 1, 0], [0, 0, 1, 0]),
        pad("one-element-interior", (1, 2), [1, 1], [1, 1], [3, 0], -0.5),
        pad("empty", (0, 2), [1, 0], [1, 1], [1, 0], 0.25),
        pad("nothing", (2, 2), [0, 0], [0, 0], [0, 0]),
    ]


def pad(name, shape, low, high, interior, value=0.0):
    """As XLA's Pad: `interior` new elements between neighbours, then `low` before and `high` after."""
    steps = [gap + 1 for gap in interior]
    spans = [max(size + (size - 1) * gap, 0) for size, gap in zip(shape, interior)]
    padded = [before + span + after for before, span, after in zip(low, spans, high)]
    place = tuple(slice(before, before + span, step) for before, span, step in zip(low, spans, steps))

    def compute(input):
        output = torch.full(padded, value, dtype=torch.float64)
        output[place] = input
        return output

    attributes = {"low": low, "high": high, "interior": interior, "value": value}
    return moved(name, "pad", attributes, {"input": shape}, compute)


def slice_cases():
    return [
        part("vector", (5,), [1], [4], [1]),
        part("step-2", (7,), [0], [7], [2]),
        part("step-3-end-between", (8,), [1], [7], [3]),
        part("matrix", (4, 5), [1, 0], [3, 5], [1, 2]),
        part("rank-4", (2, 4, 4, 3), [0, 1, 0, 1], [2, 4, 4, 2], [1, 2, 3, 1]),
        part("empty-result", (3, 4), [1, 2], [1, 4], [1, 1]),
        part("everything", (2, 3), [0, 0], [2, 3], [1, 1]),
    ]


def part(name, shape, starts, ends, steps):
    place = tuple(slice(*bounds) for bounds in zip(starts, ends, steps))
    attributes = {"starts": starts, "ends": ends, "steps": steps}
    return moved(name, "slice", attributes, {"input": shape}, lambda input: input[place])


def transpose_cases():
    orders = [((2, 3, 4), order) for order in itertools.permutations(range(3))]
    orders += [((3, 2), (1, 0)), ((4,), (0,)), ((), ()), ((0, 2), (1, 0))]
    orders += [((2, 3, 4, 2), (0, 3, 1, 2)), ((2, 3, 4, 2), (3, 2, 0, 1))]
    return [transpose(shape, order) for shape, order in orders]


def transpose(shape, permutation):
    name = f"{'x'.join(map(str, shape)) or 'scalar'}-by-{''.join(map(str, permutation))}"
    attributes = {"permutation": list(permutation)}
    return moved(name, "transpose", attributes, {"input": shape}, lambda input: input.permute(permutation))


def concatenate_cases():
    return [
        concatenate("axis-0", 0, [(1, 3), (2, 3)]),
        concatenate("axis-1", 1, [(2, 1), (2, 3), (2, 2)]),
        concatenate("middle-axis", 1, [(2, 2, 3), (2, 1, 3)]),
        concatenate("last-axis-of-4", 3, [(1, 2, 2, 1), (1, 2, 2, 3)]),
        concatenate("with-empty", 0, [(2, 2), (0, 2), (1, 2)]),
        concatenate("one-input", 0, [(3,)]),
    ]


def concatenate(name, axis, shapes):
    inputs = {f"input{index}": shape for index, shape in enumerate(shapes)}
    return moved(name, "concatenate", {"axis": axis}, inputs, lambda **parts: torch.cat(list(parts.values()), axis))


def gather_cases():
    return [
        gather("vector", (5,), 0, [4, 0, 2]),
        gather("rows-repeated", (4, 3), 0, [1, 1, 3, 1, 0]),
        gather("columns", (2, 5), 1, [4, 2]),
        gather("middle-axis", (2, 3, 2), 1, [2, 0, 2, 1]),
        gather("no-indices", (3, 2), 0, []),
        gather("one", (1, 2), 0, [0]),
    ]


def gather(name, shape, axis, indices):
    inputs = {"input": shape, "indices": torch.tensor(indices, dtype=torch.int64)}
    return moved(name, "gather", {"axis": axis}, inputs, lambda input, indices: input.index_select(axis, indices))


def where_cases():
    shapes = [("same", (2, 3), (2, 3), (2, 3)), ("condition-vector", (3,), (2, 3), (2, 3)),
              ("scalar-else", (2, 3), (2, 3), ()), ("all-broadcast", (2, 1, 1), (3, 1), (4,)),
              ("empty", (0,), (0,), (0,))]
    return [where(*shape) for shape in shapes]


def where(name, condition, on_true, on_false):
    bits = random_for("where/" + name).integers(0, 2, condition).astype(bool)
    inputs = {"condition": torch.from_numpy(bits), "onTrue": on_true, "onFalse": on_false}

    def compute(condition, onTrue, onFalse):
        return torch.where(condition, onTrue, onFalse)

    return moved(name, "where", {}, inputs, compute)


def moved(name, operation, attributes, inputs, compute):
    """A case of which an input given as a shape is filled with random numbers."""
    random = random_for(f"{operation}/{name}")
    filled = {key: dyadic(random, value) if isinstance(value, tuple) else value for key, value in inputs.items()}
    return case(name, operation, attributes, filled, compute, exact=True)
