"""The nets, the weights they begin with and the images they see, the same for every peer.

Everything is in Lockstep's layout: images [batch, height, width, channels], convolutions
[height, width, in, out], dense layers [in, out]; peers of another layout transpose.
"""

import numpy as np

IMAGE = {"w1": (28, 28, 1), "resnet8": (32, 32, 3), "digits": (8, 8, 1)}
CLASSES = 10
# Whether a 2×2 max-pool follows, for each convolution of a small net.
POOLS = {"w1": (True, True), "digits": (False, True)}
# Channels of the blocks of ResNet-8, and the stride of their first convolution.
BLOCKS = [(16, 16, 1), (16, 32, 2), (32, 64, 2)]
EPSILON = 1e-3


def _convolution(random, size, inputs, outputs, bias=True):
    limit = (6 / (size * size * inputs)) ** 0.5
    weight = random.uniform(-limit, limit, (size, size, inputs, outputs)).astype(np.float32)
    return [weight, np.zeros(outputs, np.float32)] if bias else [weight]


def _dense(random, inputs, units):
    limit = (6 / inputs) ** 0.5
    return [random.uniform(-limit, limit, (inputs, units)).astype(np.float32), np.zeros(units, np.float32)]


def _normalized(random, size, inputs, outputs):
    """A convolution without bias, and scale and shift of the batch normalisation behind it."""
    return _convolution(random, size, inputs, outputs, bias=False) + [
        np.ones(outputs, np.float32), np.zeros(outputs, np.float32)]


def small_net_weights(filters, units, inputs, seed=0):
    """Two 3×3 convolutions, two dense layers: weight and bias in turn."""
    random = np.random.default_rng(seed)
    first, second = filters
    return (_convolution(random, 3, 1, first) + _convolution(random, 3, first, second)
            + _dense(random, inputs, units) + _dense(random, units, CLASSES))


def w1_weights(seed=0):
    """W1: 421,642 parameters."""
    return small_net_weights((32, 64), 128, 7 * 7 * 64, seed)


def digits_weights(seed=0):
    """The net of models/digits-cnn.yaml: 38,282 parameters."""
    return small_net_weights((16, 32), 64, 4 * 4 * 32, seed)


def resnet8_weights(seed=0):
    """The stem; for each block its two convolutions and, where the shape changes, the shortcut's; the head."""
    random = np.random.default_rng(seed)
    weights = _normalized(random, 3, 3, 16)
    for inputs, outputs, _ in BLOCKS:
        weights += _normalized(random, 3, inputs, outputs) + _normalized(random, 3, outputs, outputs)
        if inputs != outputs:
            weights += _normalized(random, 1, inputs, outputs)
    return weights + _dense(random, 64, CLASSES)


def weights_of(net, seed=0):
    return {"w1": w1_weights, "resnet8": resnet8_weights, "digits": digits_weights}[net](seed)


def parameter_count(net):
    return sum(weight.size for weight in weights_of(net))


def batches(net, size, seed=1):
    """Images and labels of some batches. Several, because a net that sees one batch again and again has units
    that are dead for ever, whose momentum decays into denormal numbers."""
    random = np.random.default_rng(seed)
    made = []
    for _ in range(max(4, 256 // size)):
        images = random.random((size, *IMAGE[net]), dtype=np.float32)
        made.append((images, random.integers(0, CLASSES, size).astype(np.int32)))
    return made
