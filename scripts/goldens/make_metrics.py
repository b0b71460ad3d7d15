"""metrics.json: what scikit-learn measures of predictions; the calibration error by its definition, in NumPy."""

import golden
import numpy as np
import sklearn.metrics as metrics
from formula import hashes, uniform

BINS = 15


def calibration_error(probabilities, labels):
    """Guo et al. 2017, equations 2 to 5: bins ((m - 1) / M, m / M]."""
    confidences, predictions = probabilities.max(axis=1), probabilities.argmax(axis=1)
    error = 0.0
    for m in range(1, BINS + 1):
        inside = (confidences > (m - 1) / BINS) & (confidences <= m / BINS)
        if inside.any():
            accuracy = (predictions[inside] == labels[inside]).mean()
            error += inside.sum() / len(labels) * abs(accuracy - confidences[inside].mean())
    return float(error)


def averages(labels, predictions, kind):
    values = metrics.precision_recall_fscore_support(labels, predictions, average=kind, zero_division=0)
    return [float(value) for value in values[:3]]


def case(number, count, classes, named, bias):
    """Labels are of the classes below `named`; `bias` is what a logit gains where it is right."""
    labels = (hashes(300 + number, count) % np.uint64(named)).astype(int)
    logits = uniform(400 + number, [count, classes], 4)
    logits[np.arange(count), labels] += np.float32(bias)
    exact = logits.astype(np.float64)
    probabilities = np.exp(exact - exact.max(axis=1, keepdims=True))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    predictions = exact.argmax(axis=1)
    every = list(range(classes))
    scores = metrics.precision_recall_fscore_support(labels, predictions, labels=every, zero_division=0)
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "logits": [float(x) for x in logits.reshape(-1)],
        "confusion": metrics.confusion_matrix(labels, predictions, labels=every).reshape(-1).tolist(),
        "accuracy": float(metrics.accuracy_score(labels, predictions)),
        "precision": scores[0].tolist(),
        "recall": scores[1].tolist(),
        "f1": scores[2].tolist(),
        "support": scores[3].tolist(),
        "macro": averages(labels, predictions, "macro"),
        "weighted": averages(labels, predictions, "weighted"),
        "top": {
            str(k): float(metrics.top_k_accuracy_score(labels, probabilities, k=k, labels=every))
            for k in (3, 5) if k < classes
        },
        "calibrationError": calibration_error(probabilities, labels),
    }  # fmt: skip


def main():
    golden.write("metrics.json", [
        case(0, 60, 4, 4, 1.5),
        case(1, 80, 10, 10, 1.0),
        # Classes 6 and 7 have no images, but are named; one class is never named.
        case(2, 30, 8, 6, 0.5),
        case(3, 20, 2, 2, 8.0),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
