"""TensorFlow with Keras layers, every step a tf.function."""

from contestant import arguments, first_call, first_step, serve, serve_training

options = arguments(["function"])

import tensorflow as tf
import keras
from keras import layers as L

import nets

tf.config.threading.set_intra_op_parallelism_threads(options.threads)
tf.config.threading.set_inter_op_parallelism_threads(1)


def small_net(net):
    shapes = [weight.shape for weight in nets.weights_of(net)]
    layers = [keras.Input(nets.IMAGE[net])]
    for shape, pools in zip((shapes[0], shapes[2]), nets.POOLS[net]):
        layers += [L.Conv2D(shape[3], 3, padding="same", activation="relu")] + [L.MaxPooling2D(2)] * pools
    layers += [L.Flatten(), L.Dense(shapes[4][1], activation="relu"), L.Dense(shapes[6][1])]
    return keras.Sequential(layers)


def resnet8():
    def normalized(x, size, outputs, stride=1):
        convolution = L.Conv2D(outputs, size, stride, padding="same", use_bias=False)
        return L.BatchNormalization(epsilon=nets.EPSILON)(convolution(x))

    x = inputs = keras.Input(nets.IMAGE["resnet8"])
    x = L.ReLU()(normalized(x, 3, 16))
    for before, outputs, stride in nets.BLOCKS:
        # The order of creation is the order of the weights.
        branch = normalized(L.ReLU()(normalized(x, 3, outputs, stride)), 3, outputs)
        shortcut = x if before == outputs else normalized(x, 1, outputs, stride)
        x = L.ReLU()(branch + shortcut)
    return keras.Model(inputs, L.Dense(10)(L.GlobalAveragePooling2D()(x)))


def model_of(net):
    """The net with the weights of all. Keras lists a model's layers by their depth, so layers are sorted by when
    they were made."""
    keras.backend.clear_session()
    model = resnet8() if net == "resnet8" else small_net(net)
    made = sorted((layer for layer in model.layers if layer.trainable_variables), key=creation)
    variables = [variable for layer in made for variable in layer.trainable_variables]
    for variable, weight in zip(variables, nets.weights_of(net), strict=True):
        variable.assign(weight)
    return model


def creation(layer):
    """Convolutions and normalisations alternate: the numbers in their names, and the kind at equal numbers."""
    kind, _, number = layer.name.rpartition("_")
    number = int(number) if number.isdigit() else 0
    return ("dense" in layer.name, number, "batch" in layer.name)


def trainer(model):
    optimizer = keras.optimizers.SGD(options.learning_rate, momentum=0.9)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    return step


def prepared():
    return [(tf.constant(x), tf.constant(y)) for x, y in nets.batches(options.net, options.batch)]


def convolution():
    layer, pixels = L.Conv2D(16, 3, padding="same", activation="relu"), tf.random.uniform((1, 256, 256, 3))
    function = tf.function(lambda x: layer(x))
    return lambda: function(pixels).numpy()


def infer():
    model, inputs = model_of(options.net), [x for x, _ in prepared()]
    function, turn, last = tf.function(lambda x: model(x, training=False)), iter(range(1 << 62)), [None]

    def go():
        last[0] = function(inputs[next(turn) % len(inputs)])

    sums = [float(tf.reduce_sum(tf.abs(function(x)))) for x in inputs[:1]]
    serve(go, options.seconds, "images/s", lambda seconds: options.batch / seconds, lambda: last[0].numpy(),
          outputs=sums, parameters=nets.parameter_count(options.net))


def until():
    from fashion import train_until

    model = model_of("w1")
    step = trainer(model)

    @tf.function
    def count_correct(x, y):
        hits = tf.argmax(model(x, training=False), 1, tf.int32) == y
        return tf.reduce_sum(tf.cast(hits, tf.int32))

    train_until(options, lambda x, y: step(tf.constant(x), tf.constant(y)),
                lambda x, y: count_correct(tf.constant(x), tf.constant(y)))


def main():
    if options.work in ("train", "first-step"):
        data, step = prepared(), trainer(model_of(options.net))
        go = lambda number: step(*data[number % len(data)])
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
