"""Fashion-MNIST: the images, and training from the start of the process to an accuracy."""

import gzip
import os

import numpy as np

from contestant import leave, number_of, say


def _read(folder, name, header):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        path += ".gz"
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        return np.frombuffer(file.read(), np.uint8)[header:]


def load(folder, split):
    """Images float32 [count, 28, 28, 1] in 0…1, and labels int32; `split` is train or t10k."""
    images = _read(folder, f"{split}-images-idx3-ubyte", 16).reshape(-1, 28, 28, 1).astype(np.float32) / 255
    return images, _read(folder, f"{split}-labels-idx1-ubyte", 8).astype(np.int32)


def train_until(options, step, count_correct):
    """Says the test accuracy after every epoch, until it is reached. `step(images, labels)` gives a loss;
    `count_correct(images, labels)` how many of them are classified right."""
    images, labels = load(options.data, "train")
    test_images, test_labels = load(options.data, "t10k")
    order = np.random.default_rng(options.seed)
    for epoch in range(1, options.epochs + 1):
        places = order.permutation(len(images))
        for begin in range(0, len(images) - options.batch + 1, options.batch):
            chosen = places[begin : begin + options.batch]
            loss = step(images[chosen], labels[chosen])
        correct = sum(int(count_correct(test_images[begin : begin + 500], test_labels[begin : begin + 500]))
                      for begin in range(0, len(test_images), 500))
        accuracy = correct / len(test_images)
        say(epoch=epoch, loss=number_of(loss), accuracy=accuracy)
        if accuracy >= options.accuracy:
            break
    leave()
