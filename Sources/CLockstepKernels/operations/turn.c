#include "turn.h"

#include <string.h>

/// Elements of a column at a time. With columns a power of two apart all their lines fall into a few sets of
/// the cache, which hold few of them: a line is best used at once. But so is a row of the target.
enum { run = 8 };

/// Four times four elements: a load and a store for each four, where one by one there would be as many for each.
/// Elements are only moved, so their size is all that matters.
#define LK_DEFINE_TURN(type)                                                                                 \
  typedef type four_##type __attribute__((ext_vector_type(4), aligned(sizeof(type)), may_alias));            \
  static void turn_square_##type(type *restrict target, int64_t target_stride, const type *source,           \
                                 int64_t source_stride) {                                                    \
    four_##type a = *(const four_##type *)source;                                                            \
    four_##type b = *(const four_##type *)(source + source_stride);                                          \
    four_##type c = *(const four_##type *)(source + 2 * source_stride);                                      \
    four_##type d = *(const four_##type *)(source + 3 * source_stride);                                      \
    four_##type ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);                                              \
    four_##type cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);                                              \
    four_##type ab_behind = __builtin_shufflevector(a, b, 2, 6, 3, 7);                                       \
    four_##type cd_behind = __builtin_shufflevector(c, d, 2, 6, 3, 7);                                       \
    *(four_##type *)target = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);                                    \
    *(four_##type *)(target + target_stride) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);                  \
    *(four_##type *)(target + 2 * target_stride) =                                                           \
        __builtin_shufflevector(ab_behind, cd_behind, 0, 1, 4, 5);                                           \
    *(four_##type *)(target + 3 * target_stride) =                                                           \
        __builtin_shufflevector(ab_behind, cd_behind, 2, 3, 6, 7);                                           \
  }                                                                                                          \
                                                                                                             \
  static void turn_singly_##type(type *restrict target, int64_t target_stride, const type *source,           \
                                 int64_t source_stride, int64_t width, int64_t count) {                      \
    for (int64_t i = 0; i < count; i++) {                                                                    \
      for (int64_t j = 0; j < width; j++) {                                                                  \
        target[i * target_stride + j] = source[j * source_stride + i];                                       \
      }                                                                                                      \
    }                                                                                                        \
  }                                                                                                          \
                                                                                                             \
  /* In squares, and what is left beside and below them one by one. */                                       \
  static void turn_##type(type *target, int64_t target_stride, const type *source, int64_t source_stride,    \
                          int64_t width, int64_t count) {                                                    \
    int64_t wide = width / 4 * 4;                                                                            \
    int64_t deep = count / 4 * 4;                                                                            \
    for (int64_t first = 0; first < deep; first += run) {                                                    \
      int64_t last = first + run < deep ? first + run : deep;                                                \
      for (int64_t j = 0; j < wide; j += 4) {                                                                \
        for (int64_t i = first; i < last; i += 4) {                                                          \
          turn_square_##type(target + i * target_stride + j, target_stride, source + j * source_stride + i,  \
                             source_stride);                                                                 \
        }                                                                                                    \
      }                                                                                                      \
    }                                                                                                        \
    turn_singly_##type(target + wide, target_stride, source + wide * source_stride, source_stride,           \
                       width - wide, deep);                                                                  \
    turn_singly_##type(target + deep * target_stride, target_stride, source + deep, source_stride, width,    \
                       count - deep);                                                                        \
  }
LK_DEFINE_TURN(uint32_t)
LK_DEFINE_TURN(uint64_t)

void lk_turn(int64_t element_size, void *target, int64_t target_stride, const void *source,
             int64_t source_stride, int64_t width, int64_t count) {
  if (element_size == 4) {
    turn_uint32_t(target, target_stride, source, source_stride, width, count);
  } else {
    turn_uint64_t(target, target_stride, source, source_stride, width, count);
  }
}

void lk_copy_rows(char *target, int64_t target_stride, const char *source, int64_t source_stride,
                  int64_t row_bytes, int64_t rows) {
  for (int64_t row = 0; row < rows; row++, target += target_stride, source += source_stride) {
    // A row is mostly two vectors of 512 or 256 bits: to call memcpy for them takes as long as to copy.
    if (row_bytes == 128) {
      memcpy(target, source, 128);
    } else if (row_bytes == 64) {
      memcpy(target, source, 64);
    } else {
      memcpy(target, source, (size_t)row_bytes);
    }
  }
}
