/// A convolution with what follows it: bias, ReLU, and a max pool whose windows lie side by side.
#pragma once

#include "convolution.h"

typedef struct {
  lk_convolution shape; // of the convolution alone
  bool relu;
  int64_t pool_height, pool_width; // 0: no pool
  int64_t height, width;           // of the result
  const char *gradient;            // of the result
  const void *mask; // with a pool each window's tap, else the result, of which a ReLU tells its sign
} lk_fused_convolution;

static inline bool lk_has_pool(const lk_fused_convolution *fused) { return fused->pool_height > 0; }

/// Whether the gradient in front of bias, ReLU and pool has to be worked out.
static inline bool lk_has_mask(const lk_fused_convolution *fused) {
  return fused->relu || lk_has_pool(fused);
}

/// Elements of the gradient that are not zero, pixel by pixel in scan order.
typedef struct {
  char *values;
  int32_t *offsets; // channel · scale
  int32_t *ends;    // of each pixel
} lk_gradient_list;

/// Lists a row of the gradient in front of a pool. The list has room for a row's pixels and channels.
void lk_list_row(const lk_kernel_table *kernels, const lk_fused_convolution *fused, int64_t n, int64_t row,
                 int32_t scale, lk_gradient_list *list);

/// Memory for lists of `rows` rows for each thread; `capacity` is how many elements a row may have.
bool lk_allocate_lists(lk_context *context, const lk_fused_convolution *fused, int64_t rows,
                       lk_gradient_list *list, int64_t *capacity);

/// The list of a row.
lk_gradient_list lk_list_at(const lk_gradient_list *list, int64_t index, int64_t capacity,
                            const lk_convolution *shape);

/// Whether the gradients are worth computing from lists, and can be.
bool lk_is_sparse(const lk_kernel_table *kernels, const lk_fused_convolution *fused);

lk_status lk_sparse_input_gradient(lk_context *context, const lk_fused_convolution *fused, const void *weight,
                                   void *image);

lk_status lk_sparse_weight_gradient(lk_context *context, const lk_fused_convolution *fused, const void *image,
                                    void *output);
