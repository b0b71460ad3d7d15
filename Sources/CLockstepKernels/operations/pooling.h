/// The sizes of a pooling.
#pragma once

#include "operations.h"

/// Windows over images [batch, height, width, channels].
typedef struct {
  int32_t dtype;
  int64_t element_size;
  int64_t batch, height, width, channels;
  int64_t out_height, out_width;
  int64_t kernel_height, kernel_width;
  int64_t stride_height, stride_width;
  int64_t padding_top, padding_left;
  bool counts_padding;
} lk_pooling;

/// A range of pixels.
typedef struct {
  int64_t first, last;
} lk_span;

static inline lk_pooling lk_pooling_of(const lk_instruction *instruction, const lk_tensor *image,
                                       const lk_tensor *output) {
  const lk_window *window = &instruction->attributes.pool2d.window;
  return (lk_pooling){
      .dtype = image->dtype,
      .element_size = lk_element_size(image->dtype),
      .batch = image->shape[0],
      .height = image->shape[1],
      .width = image->shape[2],
      .channels = image->shape[3],
      .out_height = output->shape[1],
      .out_width = output->shape[2],
      .kernel_height = instruction->attributes.pool2d.kernel_height,
      .kernel_width = instruction->attributes.pool2d.kernel_width,
      .stride_height = window->stride_height,
      .stride_width = window->stride_width,
      .padding_top = window->padding_top,
      .padding_left = window->padding_left,
      .counts_padding = instruction->attributes.pool2d.counts_padding,
  };
}

/// The rows of the image that a row of windows covers.
static inline lk_span lk_window_rows(const lk_pooling *pool, int64_t y) {
  int64_t top = y * pool->stride_height - pool->padding_top;
  return (lk_span){lk_maximum(0, top), lk_minimum(pool->height, top + pool->kernel_height)};
}

/// The columns of the image that a column of windows covers.
static inline lk_span lk_window_columns(const lk_pooling *pool, int64_t x) {
  int64_t left = x * pool->stride_width - pool->padding_left;
  return (lk_span){lk_maximum(0, left), lk_minimum(pool->width, left + pool->kernel_width)};
}

static inline int64_t lk_image_elements(const lk_pooling *pool) {
  return pool->height * pool->width * pool->channels;
}

static inline int64_t lk_output_elements(const lk_pooling *pool) {
  return pool->out_height * pool->out_width * pool->channels;
}
