/// Where the first extreme element along an axis is, tensors seen as [outer, axis, inner].
///
/// A tile of columns keeps the best element of each so far on the stack and goes down the rows; a row of
/// its own is a tile of one column. The first NaN is more extreme than everything.
#include "operations.h"

enum { tile_columns = 128 };

typedef struct {
  const void *input;
  int64_t *output;
  int64_t size, inner, tiles;
  bool wants_maximum;
} arg_job;

#define LK_ARG_REDUCTION(type)                                                                               \
  static void find_in_tile_##type(const arg_job *job, const type *x, int64_t *best, int64_t columns) {       \
    type extremes[tile_columns];                                                                             \
    for (int64_t c = 0; c < columns; c++) {                                                                  \
      extremes[c] = x[c];                                                                                    \
      best[c] = 0;                                                                                           \
    }                                                                                                        \
    for (int64_t index = 1; index < job->size; index++) {                                                    \
      const type *row = x + index * job->inner;                                                              \
      for (int64_t c = 0; c < columns; c++) {                                                                \
        type old = extremes[c];                                                                              \
        bool beyond = job->wants_maximum ? row[c] > old : row[c] < old;                                      \
        if (old == old && (beyond || row[c] != row[c])) {                                                    \
          extremes[c] = row[c];                                                                              \
          best[c] = index;                                                                                   \
        }                                                                                                    \
      }                                                                                                      \
    }                                                                                                        \
  }                                                                                                          \
                                                                                                             \
  /* Items begin ..< end of [outer, tiles]. */                                                               \
  static void find_##type(void *arguments, int64_t begin, int64_t end, int worker) {                         \
    (void)worker;                                                                                            \
    const arg_job *job = arguments;                                                                          \
    for (int64_t item = begin; item < end; item++) {                                                         \
      int64_t outer = item / job->tiles;                                                                     \
      int64_t column = item % job->tiles * tile_columns;                                                     \
      int64_t columns = lk_minimum(tile_columns, job->inner - column);                                       \
      const type *x = (const type *)job->input + outer * job->size * job->inner + column;                    \
      find_in_tile_##type(job, x, job->output + outer * job->inner + column, columns);                       \
    }                                                                                                        \
  }

LK_ARG_REDUCTION(float)
LK_ARG_REDUCTION(double)
LK_ARG_REDUCTION(int64_t)
LK_ARG_REDUCTION(int32_t)
LK_ARG_REDUCTION(uint8_t)

static const lk_range_task tasks[LK_DTYPE_COUNT] = {
    [LK_FLOAT32] = find_float,   [LK_FLOAT64] = find_double,  [LK_INT64] = find_int64_t,
    [LK_INT32] = find_int32_t, [LK_UINT8] = find_uint8_t,
};

lk_status lk_arg_reduce(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *input = &instruction->inputs[0];
  int axis = instruction->attributes.arg_reduce.axis;
  if (tasks[input->dtype] == NULL) {
    return LK_ERROR_UNSUPPORTED;
  }
  arg_job job = {
      .input = input->data,
      .output = instruction->outputs[0].data,
      .size = input->shape[axis],
      .inner = lk_extent(input, axis + 1, input->rank),
      .wants_maximum = instruction->attributes.arg_reduce.extremum == LK_ARG_MAX,
  };
  job.tiles = lk_divide_up(job.inner, tile_columns);
  int64_t items = lk_extent(input, 0, axis) * job.tiles;
  int64_t grain = lk_grain(job.size * lk_minimum(job.inner, tile_columns));
  lk_parallel_for(context, items, grain, tasks[input->dtype], &job);
  return LK_OK;
}
