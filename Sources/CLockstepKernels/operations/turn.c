#include "turn.h"

#include <string.h>

/// Elements are only moved, so their size is all that matters.
typedef uint32_t four __attribute__((ext_vector_type(4)));

static four load(const uint32_t *source) {
  four result;
  memcpy(&result, source, sizeof result);
  return result;
}

static void store(uint32_t *target, four values) { memcpy(target, &values, sizeof values); }

/// Four times four: a load and a store for four elements, where one by one there would be as many for each.
static void turn_square(uint32_t *restrict target, int64_t target_stride, const uint32_t *source,
                        int64_t source_stride) {
  four a = load(source);
  four b = load(source + source_stride);
  four c = load(source + 2 * source_stride);
  four d = load(source + 3 * source_stride);
  four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  four ab_behind = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  four cd_behind = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  store(target, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
  store(target + target_stride, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
  store(target + 2 * target_stride, __builtin_shufflevector(ab_behind, cd_behind, 0, 1, 4, 5));
  store(target + 3 * target_stride, __builtin_shufflevector(ab_behind, cd_behind, 2, 3, 6, 7));
}

#define LK_DEFINE_TURN(type)                                                                                 \
  static void turn_##type(type *restrict target, int64_t target_stride, const type *source,                  \
                          int64_t source_stride, int64_t width, int64_t count) {                             \
    for (int64_t i = 0; i < count; i++) {                                                                    \
      for (int64_t j = 0; j < width; j++) {                                                                  \
        target[i * target_stride + j] = source[j * source_stride + i];                                       \
      }                                                                                                      \
    }                                                                                                        \
  }
LK_DEFINE_TURN(uint32_t)
LK_DEFINE_TURN(uint64_t)

/// Elements of a column at a time. With columns a power of two apart all their lines fall into a few sets of
/// the cache, which hold few of them: a line is best used at once. But so is a row of the target.
enum { run = 8 };

/// In squares, and what is left beside and below them one by one.
static void turn_squares(uint32_t *target, int64_t target_stride, const uint32_t *source,
                         int64_t source_stride, int64_t width, int64_t count) {
  int64_t wide = width / 4 * 4;
  int64_t deep = count / 4 * 4;
  for (int64_t first = 0; first < deep; first += run) {
    int64_t last = first + run < deep ? first + run : deep;
    for (int64_t j = 0; j < wide; j += 4) {
      for (int64_t i = first; i < last; i += 4) {
        turn_square(target + i * target_stride + j, target_stride, source + j * source_stride + i,
                    source_stride);
      }
    }
  }
  turn_uint32_t(target + wide, target_stride, source + wide * source_stride, source_stride, width - wide,
                deep);
  turn_uint32_t(target + deep * target_stride, target_stride, source + deep, source_stride, width,
                count - deep);
}

void lk_turn(int64_t element_size, void *target, int64_t target_stride, const void *source,
             int64_t source_stride, int64_t width, int64_t count) {
  if (element_size == 4) {
    turn_squares(target, target_stride, source, source_stride, width, count);
  } else {
    turn_uint64_t(target, target_stride, source, source_stride, width, count);
  }
}
