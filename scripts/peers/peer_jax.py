"""JAX, every step one jit; max-pooling by reshape, whose gradient is three times as fast as reduce_window's."""

from contestant import arguments, first_call, first_step, serve, serve_training

options = arguments(["jit"])

import jax
import jax.numpy as jnp
from jax import lax

import nets


def convolve(x, weight, stride=1):
    edge = weight.shape[0] // 2
    return lax.conv_general_dilated(x, weight, (stride, stride), [(edge, edge)] * 2,
                                    dimension_numbers=("NHWC", "HWIO", "NHWC"))


def pool(x):
    batch, height, width, channels = x.shape
    return x.reshape(batch, height // 2, 2, width // 2, 2, channels).max((2, 4))


def small_net(weights, x):
    """Logits, and no statistics."""
    for layer, pools in enumerate(nets.POOLS[options.net]):
        x = jax.nn.relu(convolve(x, weights[2 * layer]) + weights[2 * layer + 1])
        x = pool(x) if pools else x
    x = jax.nn.relu(x.reshape(len(x), -1) @ weights[4] + weights[5])
    return x @ weights[6] + weights[7], []


def resnet8(weights, x):
    """Logits, and the statistics of the batch, which training folds into running ones."""
    weights, statistics = iter(weights), []

    def normalized(x, stride=1):
        x = convolve(x, next(weights), stride)
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        statistics.append((mean, variance))
        return (x - mean) * lax.rsqrt(variance + nets.EPSILON) * next(weights) + next(weights)

    x = jax.nn.relu(normalized(x))
    for inputs, outputs, stride in nets.BLOCKS:
        branch = normalized(jax.nn.relu(normalized(x, stride)))
        x = jax.nn.relu(branch + (x if inputs == outputs else normalized(x, stride)))
    return x.mean((1, 2)) @ next(weights) + next(weights), statistics


NET = resnet8 if options.net == "resnet8" else small_net


class Training:
    def __init__(self):
        self.weights = [jnp.asarray(weight) for weight in nets.weights_of(options.net)]
        self.velocities = [jnp.zeros_like(weight) for weight in self.weights]
        self.running = None
        self.jitted = jax.jit(self.update, donate_argnums=(0, 1, 2))

    @staticmethod
    def loss_of(weights, x, y):
        logits, statistics = NET(weights, x)
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean(), statistics

    def update(self, weights, velocities, running, x, y):
        (loss, batch), gradients = jax.value_and_grad(self.loss_of, has_aux=True)(weights, x, y)
        velocities = jax.tree.map(lambda v, g: 0.9 * v + g, velocities, gradients)
        weights = jax.tree.map(lambda w, v: w - options.learning_rate * v, weights, velocities)
        return weights, velocities, jax.tree.map(lambda r, b: 0.99 * r + 0.01 * b, running, batch), loss

    def step(self, x, y):
        if self.running is None:
            statistics = jax.eval_shape(NET, self.weights, x)[1]
            self.running = jax.tree.map(lambda s: jnp.zeros(s.shape, s.dtype), statistics)
        self.weights, self.velocities, self.running, loss = self.jitted(
            self.weights, self.velocities, self.running, x, y)
        return loss


def prepared():
    return [(jnp.asarray(x), jnp.asarray(y)) for x, y in nets.batches(options.net, options.batch)]


def convolution():
    weight = jax.random.uniform(jax.random.key(0), (3, 3, 3, 16))
    bias, pixels = jnp.zeros(16), jax.random.uniform(jax.random.key(1), (1, 256, 256, 3))
    jax.block_until_ready((weight, bias, pixels))
    function = jax.jit(lambda x, w, b: jax.nn.relu(convolve(x, w) + b))
    return lambda: function(pixels, weight, bias).block_until_ready()


def infer():
    weights = [jnp.asarray(weight) for weight in nets.weights_of(options.net)]
    inputs, turn = [x for x, _ in prepared()], iter(range(1 << 62))
    function = jax.jit(lambda weights, x: NET(weights, x)[0])
    sums = [float(jnp.abs(function(weights, x)).sum()) for x in inputs[:1]]
    serve(lambda: function(weights, inputs[next(turn) % len(inputs)]).block_until_ready(), options.seconds, "images/s",
          lambda seconds: options.batch / seconds, outputs=sums, parameters=nets.parameter_count(options.net))


def until():
    from fashion import train_until

    training = Training()
    hits = jax.jit(lambda weights, x, y: (NET(weights, x)[0].argmax(1) == y).sum())
    train_until(options, training.step, lambda x, y: hits(training.weights, x, y))


def main():
    if options.work in ("train", "first-step"):
        data, training = prepared(), Training()
        go = lambda number: training.step(*data[number % len(data)])
        first_step(go) if options.work == "first-step" else serve_training(
            options, go, nets.parameter_count(options.net))
    elif options.work == "infer":
        infer()
    elif options.work == "until":
        until()
    elif options.work == "convolution":
        serve(convolution(), options.seconds, "ms", lambda seconds: seconds * 1e3)
    elif options.work == "first-call":
        first_call(convolution())


main()
