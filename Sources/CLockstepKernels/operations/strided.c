#include "strided.h"

#include <stdbool.h>
#include <string.h>

void lk_strided_init(lk_strided *walk, int rank, const int64_t *sizes) {
  memset(walk, 0, sizeof *walk);
  walk->rank = rank;
  memcpy(walk->sizes, sizes, (size_t)rank * sizeof *sizes);
}

void lk_strided_add(lk_strided *walk, const int64_t *strides) {
  memcpy(walk->strides[walk->operands], strides, (size_t)walk->rank * sizeof *strides);
  walk->operands++;
}

void lk_strided_add_broadcast(lk_strided *walk, const lk_tensor *tensor) {
  int64_t own[LK_MAX_RANK];
  int64_t strides[LK_MAX_RANK] = {0};
  lk_dense_strides(tensor, own);
  int added = walk->rank - tensor->rank;
  for (int axis = 0; axis < tensor->rank; axis++) {
    strides[axis + added] = tensor->shape[axis] == 1 ? 0 : own[axis];
  }
  lk_strided_add(walk, strides);
}

/// Whether axis `inner` continues axis `outer` in every operand.
static bool joins(const lk_strided *walk, int outer, int inner) {
  for (int operand = 0; operand < walk->operands; operand++) {
    const int64_t *strides = walk->strides[operand];
    if (strides[outer] != strides[inner] * walk->sizes[inner]) {
      return false;
    }
  }
  return true;
}

static void move_axis(lk_strided *walk, int from, int to) {
  walk->sizes[to] = walk->sizes[from];
  for (int operand = 0; operand < walk->operands; operand++) {
    walk->strides[operand][to] = walk->strides[operand][from];
  }
}

void lk_strided_coalesce(lk_strided *walk) {
  int kept = 0;
  for (int axis = 0; axis < walk->rank; axis++) {
    if (walk->sizes[axis] == 1) {
      continue;
    }
    if (kept > 0 && joins(walk, kept - 1, axis)) {
      int64_t size = walk->sizes[kept - 1] * walk->sizes[axis];
      move_axis(walk, axis, kept - 1);
      walk->sizes[kept - 1] = size;
    } else {
      move_axis(walk, axis, kept);
      kept++;
    }
  }
  walk->rank = kept;
}

int64_t lk_strided_rows(const lk_strided *walk) {
  int64_t rows = 1;
  for (int axis = 0; axis + 1 < walk->rank; axis++) {
    rows *= walk->sizes[axis];
  }
  return rows;
}

int64_t lk_strided_row_length(const lk_strided *walk) {
  return walk->rank > 0 ? walk->sizes[walk->rank - 1] : 1;
}

int64_t lk_strided_step(const lk_strided *walk, int operand) {
  return walk->rank > 0 ? walk->strides[operand][walk->rank - 1] : 0;
}

void lk_strided_row_offsets(const lk_strided *walk, int64_t row, int64_t *offsets) {
  for (int operand = 0; operand < walk->operands; operand++) {
    offsets[operand] = 0;
  }
  for (int axis = walk->rank - 2; axis >= 0; axis--) {
    int64_t index = row % walk->sizes[axis];
    row /= walk->sizes[axis];
    for (int operand = 0; operand < walk->operands; operand++) {
      offsets[operand] += index * walk->strides[operand][axis];
    }
  }
}
