/// The operations, one function for each opcode. Shapes and dtypes have been checked by the caller; any size
/// may be 0. Outputs hold garbage, NaN in debug builds, and are written without being read.
#pragma once

#include "../runtime/context.h"
#include "tensor.h"

typedef lk_status (*lk_operation)(lk_context *context, const lk_instruction *instruction);

// layout.c, indexing.c
lk_status lk_fill(lk_context *context, const lk_instruction *instruction);
lk_status lk_reshape(lk_context *context, const lk_instruction *instruction);
lk_status lk_broadcast(lk_context *context, const lk_instruction *instruction);
lk_status lk_transpose(lk_context *context, const lk_instruction *instruction);
lk_status lk_slice(lk_context *context, const lk_instruction *instruction);
lk_status lk_pad(lk_context *context, const lk_instruction *instruction);
lk_status lk_concatenate(lk_context *context, const lk_instruction *instruction);
lk_status lk_gather(lk_context *context, const lk_instruction *instruction);
lk_status lk_scatter_add(lk_context *context, const lk_instruction *instruction);

// elementwise.c
lk_status lk_cast(lk_context *context, const lk_instruction *instruction);
lk_status lk_unary(lk_context *context, const lk_instruction *instruction);
lk_status lk_binary(lk_context *context, const lk_instruction *instruction);
lk_status lk_select(lk_context *context, const lk_instruction *instruction);

// reduction.c, arg_reduction.c
lk_status lk_reduce(lk_context *context, const lk_instruction *instruction);
lk_status lk_arg_reduce(lk_context *context, const lk_instruction *instruction);

// softmax.c
lk_status lk_softmax(lk_context *context, const lk_instruction *instruction);
lk_status lk_softmax_gradient(lk_context *context, const lk_instruction *instruction);
lk_status lk_log_softmax(lk_context *context, const lk_instruction *instruction);
lk_status lk_log_softmax_gradient(lk_context *context, const lk_instruction *instruction);
lk_status lk_softmax_cross_entropy(lk_context *context, const lk_instruction *instruction);
lk_status lk_softmax_cross_entropy_gradient(lk_context *context, const lk_instruction *instruction);

// gemm.c, convolution.c, convolution_weight_gradient.c, fused_convolution.c
lk_status lk_matmul(lk_context *context, const lk_instruction *instruction);
lk_status lk_conv2d(lk_context *context, const lk_instruction *instruction);
lk_status lk_conv2d_input_gradient(lk_context *context, const lk_instruction *instruction);
lk_status lk_conv2d_weight_gradient(lk_context *context, const lk_instruction *instruction);
lk_status lk_fused_conv2d(lk_context *context, const lk_instruction *instruction);
lk_status lk_fused_conv2d_input_gradient(lk_context *context, const lk_instruction *instruction);
lk_status lk_fused_conv2d_weight_gradient(lk_context *context, const lk_instruction *instruction);

// max_pooling.c, average_pooling.c
lk_status lk_max_pool2d(lk_context *context, const lk_instruction *instruction);
lk_status lk_max_pool2d_gradient(lk_context *context, const lk_instruction *instruction);
lk_status lk_max_pool2d_gather(lk_context *context, const lk_instruction *instruction);
lk_status lk_average_pool2d(lk_context *context, const lk_instruction *instruction);
lk_status lk_average_pool2d_gradient(lk_context *context, const lk_instruction *instruction);

// batch_norm.c, batch_norm_gradient.c
lk_status lk_batch_norm(lk_context *context, const lk_instruction *instruction);
lk_status lk_batch_norm_gradient(lk_context *context, const lk_instruction *instruction);
lk_status lk_batch_norm_inference(lk_context *context, const lk_instruction *instruction);

// group_norm.c, group_norm_gradient.c
lk_status lk_group_norm(lk_context *context, const lk_instruction *instruction);
lk_status lk_group_norm_gradient(lk_context *context, const lk_instruction *instruction);

// optimizer.c
lk_status lk_sgd(lk_context *context, const lk_instruction *instruction);
lk_status lk_adam(lk_context *context, const lk_instruction *instruction);
