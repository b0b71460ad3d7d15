/// Moving a matrix to where a kernel wants it: turned, or as it is.
#pragma once

#include <stdint.h>

/// target[i · target_stride + j] = source[j · source_stride + i] for i < count and j < width, of elements of 4
/// or 8 bytes.
void lk_turn(int64_t element_size, void *target, int64_t target_stride, const void *source,
             int64_t source_stride, int64_t width, int64_t count);

/// `rows` rows of `row_bytes` bytes each. Strides are counted in bytes.
void lk_copy_rows(char *target, int64_t target_stride, const char *source, int64_t source_stride,
                  int64_t row_bytes, int64_t rows);
