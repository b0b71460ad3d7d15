"""dense (weight [in, out]) and matmul with its transposes."""

from golden import case, dyadic, random_for


def cases():
    return dense_cases() + matmul_cases()


def dense_cases():
    return [
        dense("4x5-to-3", 4, 5, 3),
        dense("1x1-to-1", 1, 1, 1),
        dense("batch-0", 0, 5, 3),
        dense("7x33-to-17", 7, 33, 17),
    ]


def dense(name, batch, features, out_features):
    random = random_for("dense/" + name)
    inputs = {
        "input": dyadic(random, (batch, features)),
        "weight": dyadic(random, (features, out_features)),
        "bias": dyadic(random, (out_features,)),
    }
    return case(name, "dense", {}, inputs, lambda input, weight, bias: input @ weight + bias, exact=True)


def matmul_cases():
    transposes = [(False, False), (False, True), (True, False), (True, True)]
    sizes = [("3x4x5", (), 3, 4, 5), ("batched-2x3x4x5", (2,), 3, 4, 5), ("1x1x1", (), 1, 1, 1)]
    extremes = [("empty-inner", (), 2, 0, 3), ("empty-rows", (), 0, 3, 2), ("9x37x18", (), 9, 37, 18)]
    named = [matmul(*size, *transpose) for size in sizes for transpose in transposes]
    return named + [matmul(*size, False, False) for size in extremes]


def matmul(name, batch, rows, inner, columns, transpose_lhs, transpose_rhs):
    name += f"-{'t' if transpose_lhs else 'n'}{'t' if transpose_rhs else 'n'}"
    random = random_for("matmul/" + name)
    inputs = {
        "lhs": dyadic(random, batch + ((inner, rows) if transpose_lhs else (rows, inner))),
        "rhs": dyadic(random, batch + ((columns, inner) if transpose_rhs else (inner, columns))),
    }

    def compute(lhs, rhs):
        return (lhs.mT if transpose_lhs else lhs) @ (rhs.mT if transpose_rhs else rhs)

    attributes = {"transposeLHS": transpose_lhs, "transposeRHS": transpose_rhs}
    return case(name, "matmul", attributes, inputs, compute, exact=True)
