/// Everything that can be computed, as a value.
///
/// A backend executes it, the tape differentiates it, shape inference, profilers, recorders and the worker's
/// wire format read it. What it applies to travels beside it, in an ``Instruction``.
///
/// Images are `[batch, height, width, channels]`, convolution weights
/// `[kernelHeight, kernelWidth, inChannels / groups, outChannels]`.
public enum Operation: Hashable, Sendable {
  // Creation and layout.

  /// No input; every element is the scalar, in the dtype given.
  case fill(Fill)
  /// `x` with its elements, in row-major order, in another shape.
  case reshape(Shape)
  /// `x` repeated along new and size-1 dimensions.
  case broadcast(Shape)
  /// `x` with its dimensions permuted: dimension i of the result is dimension `permutation[i]` of `x`.
  case transpose([Int])
  /// Every `steps[i]`-th element of `x` from `starts[i]` on, `sizes[i]` of them.
  case slice(Slice)
  /// `x` with zeros before, behind and between its elements. The adjoint of ``slice(_:)``.
  case pad(Pad)
  /// Two to four tensors joined along an axis.
  case concatenate(axis: Int)
  /// Slices of `x` along an axis, picked by a vector of `int32` or `int64` indices: inputs `x, indices`.
  case gather(axis: Int)
  /// Slices of `x` added into zeros at indices: inputs `x, indices`. The adjoint of ``gather(axis:)``.
  case scatterAdd(axis: Int, size: Int)
  /// `x` in another element type. Real to integer truncates towards zero and saturates; NaN becomes 0. Integers
  /// wrap around into narrower ones. As a bool, everything but zero is true, NaN included.
  case cast(DType)

  // Element by element.

  /// A function of each element.
  case unary(UnaryFunction)
  /// A function of two operands' elements, which broadcast.
  case binary(BinaryFunction)
  /// Elements of the second input where the first, a bool tensor, is true, else of the third; all broadcast.
  case select

  // Reductions.

  /// `x` reduced over `axes` (ascending), which disappear from the shape.
  case reduce(Reduction, axes: [Int])
  /// Where along an axis the first extreme element is, as `int64`; the axis disappears. NaN counts as extreme.
  case argReduce(Extremum, axis: Int)
  /// exp(x) / Σ exp(x) over the last axis, computed with the maximum subtracted.
  case softmax
  /// Inputs softmax output `y`, upstream gradient `g`: y · (g − Σ y·g).
  case softmaxGradient
  /// log of ``softmax``, without computing the exponentials' quotient.
  case logSoftmax
  /// Inputs log-softmax output `y`, upstream gradient `g`: g − exp(y) · Σ g.
  case logSoftmaxGradient

  // Linear algebra.

  /// Matrix product of the last two dimensions; leading dimensions are batches and must agree.
  case matmul(Matmul)

  // Neural networks.

  /// Inputs `x, weight`: cross-correlation.
  case conv2D(Convolution)
  /// Inputs `g, weight`: the gradient of ``conv2D(_:)`` at its input.
  case conv2DInputGradient(Convolution, height: Int, width: Int)
  /// Inputs `x, g`: the gradient of ``conv2D(_:)`` at its weight.
  case conv2DWeightGradient(Convolution, kernelHeight: Int, kernelWidth: Int)
  /// Inputs `x, weight` and maybe `bias`: convolution, plus bias, ReLU and max pool as the attributes say. With a
  /// pool there is a second output, `uint8`: which tap of its window won, counted row by row, or
  /// ``FusedConvolution/noTap``.
  case fusedConv2D(FusedConvolution)
  /// Inputs `g, weight, mask`: the gradient of ``fusedConv2D(_:)`` at its input. The mask is its second output
  /// or, without a pool, its first.
  case fusedConv2DInputGradient(FusedConvolution, height: Int, width: Int)
  /// Inputs `x, g, mask`: the gradients of ``fusedConv2D(_:)`` at its weight and at its bias.
  case fusedConv2DWeightGradient(FusedConvolution, kernelHeight: Int, kernelWidth: Int)
  /// Outputs the largest element of every window and its `int32` position in the image,
  /// `y · width + x`. The first in scan order wins ties; NaN wins over everything.
  case maxPool2D(Pooling)
  /// Inputs `g, positions`: the gradient of ``maxPool2D(_:)``, an image of the height and width given.
  case maxPool2DGradient(Pooling, height: Int, width: Int)
  /// Inputs `x, positions`: the elements of `x` at positions of ``maxPool2D(_:)``. The adjoint of
  /// ``maxPool2DGradient(_:height:width:)``.
  case maxPool2DGather(Pooling)
  /// The mean of every window.
  case averagePool2D(Pooling)
  /// Input `g`: the gradient of ``averagePool2D(_:)``, an image of the height and width given.
  case averagePool2DGradient(Pooling, height: Int, width: Int)
  /// Inputs `x [.., channels], scale [channels], offset [channels]`; outputs `y`, `mean [channels]` and
  /// `variance [channels]` over all but the last dimension (the variance divided by the count, not one less):
  /// y = (x − mean) / √(variance + ε) · scale + offset, with a ReLU max(y, 0).
  /// Source: Ioffe and Szegedy, ICML 2015.
  case batchNorm(BatchNormalization)
  /// Inputs `g, x, scale, offset, mean, variance`, the last two from ``batchNorm(_:)``: its gradients at `x`,
  /// `scale` and `offset`. Whether the ReLU let an element through is worked out from them.
  case batchNormGradient(BatchNormalization)
  /// Inputs `x, scale, offset, mean, variance`: ``batchNorm(_:)`` with moments that are given.
  case batchNormInference(BatchNormalization)
  /// Inputs `x [batch, .., channels], scale [channels], offset [channels]`; outputs `y`, `mean [batch, groups]` and
  /// `variance [batch, groups]`: of every example the channels in groups of neighbours, each normalised by its own
  /// moments over all but the first dimension, y = (x − mean) / √(variance + ε) · scale + offset.
  /// Sources: Wu and He, ECCV 2018; with one group, Ba, Kiros and Hinton, "Layer Normalization", 2016.
  case groupNorm(GroupNormalization)
  /// Inputs `g, x, scale, mean, variance`, the last two from ``groupNorm(_:)``: its gradients at `x`, `scale` and
  /// `offset`.
  case groupNormGradient(GroupNormalization)
  /// Inputs `logits [batch, classes], labels [batch]` of `int32` or `int64`: each example's loss,
  /// −Σ q·log softmax(logits), q being 1 − s on the label plus s / classes everywhere.
  case softmaxCrossEntropy(labelSmoothing: Double)
  /// Inputs `logits, labels, g [batch]`: (softmax(logits) − q) · g.
  case softmaxCrossEntropyGradient(labelSmoothing: Double)

  // Optimizers.

  /// Inputs `parameter, gradient, velocity`, outputs new `parameter, velocity`, in one pass.
  case sgd(SGDStep)
  /// Inputs `parameter, gradient, m, v`, outputs new `parameter, m, v`, in one pass.
  case adam(AdamStep)
}
