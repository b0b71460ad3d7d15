/// From an opcode to its operation.
#include "../operations/operations.h"

static const lk_operation operations[LK_OPCODE_COUNT] = {
    [LK_FILL] = lk_fill,
    [LK_RESHAPE] = lk_reshape,
    [LK_BROADCAST] = lk_broadcast,
    [LK_TRANSPOSE] = lk_transpose,
    [LK_SLICE] = lk_slice,
    [LK_PAD] = lk_pad,
    [LK_CONCATENATE] = lk_concatenate,
    [LK_GATHER] = lk_gather,
    [LK_SCATTER_ADD] = lk_scatter_add,
    [LK_CAST] = lk_cast,
    [LK_UNARY] = lk_unary,
    [LK_BINARY] = lk_binary,
    [LK_SELECT] = lk_select,
    [LK_REDUCE] = lk_reduce,
    [LK_ARG_REDUCE] = lk_arg_reduce,
    [LK_SOFTMAX] = lk_softmax,
    [LK_SOFTMAX_GRADIENT] = lk_softmax_gradient,
    [LK_LOG_SOFTMAX] = lk_log_softmax,
    [LK_LOG_SOFTMAX_GRADIENT] = lk_log_softmax_gradient,
    [LK_MATMUL] = lk_matmul,
    [LK_CONV2D] = lk_conv2d,
    [LK_CONV2D_INPUT_GRADIENT] = lk_conv2d_input_gradient,
    [LK_CONV2D_WEIGHT_GRADIENT] = lk_conv2d_weight_gradient,
    [LK_MAX_POOL2D] = lk_max_pool2d,
    [LK_MAX_POOL2D_GRADIENT] = lk_max_pool2d_gradient,
    [LK_MAX_POOL2D_GATHER] = lk_max_pool2d_gather,
    [LK_AVERAGE_POOL2D] = lk_average_pool2d,
    [LK_AVERAGE_POOL2D_GRADIENT] = lk_average_pool2d_gradient,
    [LK_SOFTMAX_CROSS_ENTROPY] = lk_softmax_cross_entropy,
    [LK_SOFTMAX_CROSS_ENTROPY_GRADIENT] = lk_softmax_cross_entropy_gradient,
    [LK_SGD] = lk_sgd,
    [LK_ADAM] = lk_adam,
    [LK_BATCH_NORM] = lk_batch_norm,
    [LK_BATCH_NORM_GRADIENT] = lk_batch_norm_gradient,
    [LK_BATCH_NORM_INFERENCE] = lk_batch_norm_inference,
    [LK_GROUP_NORM] = lk_group_norm,
    [LK_GROUP_NORM_GRADIENT] = lk_group_norm_gradient,
    [LK_FUSED_CONV2D] = lk_fused_conv2d,
    [LK_FUSED_CONV2D_INPUT_GRADIENT] = lk_fused_conv2d_input_gradient,
    [LK_FUSED_CONV2D_WEIGHT_GRADIENT] = lk_fused_conv2d_weight_gradient,
};

lk_status lk_execute(lk_context *context, const lk_instruction *instruction) {
  int32_t opcode = instruction->opcode;
  if (opcode < 0 || opcode >= LK_OPCODE_COUNT) {
    return LK_ERROR_UNSUPPORTED;
  }
  lk_scratch_reset(&context->scratch);
  return operations[opcode](context, instruction);
}
