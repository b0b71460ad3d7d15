/// Loop order: by rows of the output. Where the rows of the output are columns of the input (a transposition)
/// both are walked in tiles that fit the first-level cache, so that each line of either is loaded once.
#include "copy.h"

#include <stdbool.h>
#include <string.h>

#include "strided.h"

enum { output_side = 0, input_side = 1 };

/// Edge of a tile of a transposition: 32 lines of 64 bytes and 32 of up to 256 are live at a time.
static const int64_t tile_edge = 32;

/// Rows shorter than this are copied by a plain loop: a call of memcpy costs more.
static const int64_t short_row = 16;

typedef struct {
  lk_strided walk;
  char *output;
  const char *input;
  int64_t element_size;
  int64_t row_length;
  /// The axis along which the input is contiguous, if that is not the last.
  int tiled_axis;
  int64_t tiles;
} copy_job;

#define LK_COPY_ROW(type)                                                                                    \
  static void copy_row_##type(type *output, int64_t output_step, const type *input, int64_t input_step,      \
                              int64_t count) {                                                               \
    if (output_step == 1 && input_step == 1 && count >= short_row) {                                         \
      memcpy(output, input, (size_t)count * sizeof(type));                                                   \
      return;                                                                                                \
    }                                                                                                        \
    for (int64_t i = 0; i < count; i++) {                                                                    \
      output[i * output_step] = input[i * input_step];                                                       \
    }                                                                                                        \
  }

LK_COPY_ROW(uint8_t)
LK_COPY_ROW(uint32_t)
LK_COPY_ROW(uint64_t)

static void copy_row(const copy_job *job, int64_t output_offset, int64_t input_offset, int64_t count) {
  char *output = job->output + output_offset * job->element_size;
  const char *input = job->input + input_offset * job->element_size;
  int64_t output_step = lk_strided_step(&job->walk, output_side);
  int64_t input_step = lk_strided_step(&job->walk, input_side);
  switch (job->element_size) {
    case 8:
      copy_row_uint64_t((uint64_t *)output, output_step, (const uint64_t *)input, input_step, count);
      break;
    case 4:
      copy_row_uint32_t((uint32_t *)output, output_step, (const uint32_t *)input, input_step, count);
      break;
    default:
      copy_row_uint8_t((uint8_t *)output, output_step, (const uint8_t *)input, input_step, count);
  }
}

/// Elements begin ..< end of the copy in row-major order.
static void copy_elements(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const copy_job *job = arguments;
  int64_t position = begin;
  while (position < end) {
    int64_t offsets[LK_MAX_STRIDED];
    int64_t column = position % job->row_length;
    int64_t length = lk_minimum(job->row_length - column, end - position);
    lk_strided_row_offsets(&job->walk, position / job->row_length, offsets);
    copy_row(job, offsets[output_side] + column * lk_strided_step(&job->walk, output_side),
             offsets[input_side] + column * lk_strided_step(&job->walk, input_side), length);
    position += length;
  }
}

/// Tiles begin ..< end: each is `tile_edge` of the tiled axis by the whole last axis.
static void copy_tiles(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const copy_job *job = arguments;
  const lk_strided *walk = &job->walk;
  int axis = job->tiled_axis;
  int64_t output_stride = walk->strides[output_side][axis];
  lk_strided outer = *walk;
  outer.sizes[axis] = 1;
  for (int64_t index = begin; index < end; index++) {
    int64_t offsets[LK_MAX_STRIDED];
    lk_strided_row_offsets(&outer, index / job->tiles, offsets);
    int64_t first = index % job->tiles * tile_edge;
    int64_t last = lk_minimum(first + tile_edge, walk->sizes[axis]);
    for (int64_t column = 0; column < job->row_length; column += tile_edge) {
      int64_t length = lk_minimum(tile_edge, job->row_length - column);
      for (int64_t i = first; i < last; i++) {
        copy_row(job, offsets[output_side] + i * output_stride + column,
                 offsets[input_side] + i + column * lk_strided_step(walk, input_side), length);
      }
    }
  }
}

/// An axis along which the input is contiguous while the output is so along the last one, or -1.
static int transposed_axis(const lk_strided *walk) {
  if (walk->rank < 2 || lk_strided_step(walk, output_side) != 1 || lk_strided_step(walk, input_side) <= 1) {
    return -1;
  }
  for (int axis = 0; axis < walk->rank - 1; axis++) {
    if (walk->strides[input_side][axis] == 1) {
      return axis;
    }
  }
  return -1;
}

void lk_copy_strided(lk_context *context, const lk_layout *output, const lk_layout *input, int rank,
                     const int64_t *sizes, int64_t element_size) {
  copy_job job = {.output = output->data, .input = input->data, .element_size = element_size};
  lk_strided_init(&job.walk, rank, sizes);
  lk_strided_add(&job.walk, output->strides);
  lk_strided_add(&job.walk, input->strides);
  lk_strided_coalesce(&job.walk);
  job.row_length = lk_strided_row_length(&job.walk);
  int64_t rows = lk_strided_rows(&job.walk);
  if (rows * job.row_length == 0) {
    return;
  }
  job.tiled_axis = transposed_axis(&job.walk);
  if (job.tiled_axis < 0) {
    lk_parallel_for(context, rows * job.row_length, LK_GRAIN, copy_elements, &job);
    return;
  }
  int64_t size = job.walk.sizes[job.tiled_axis];
  job.tiles = lk_divide_up(size, tile_edge);
  int64_t grain = lk_grain(tile_edge * job.row_length);
  lk_parallel_for(context, rows / size * job.tiles, grain, copy_tiles, &job);
}

static void clear_bytes(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  memset((char *)arguments + begin, 0, (size_t)(end - begin));
}

void lk_clear(lk_context *context, void *data, int64_t byte_count) {
  lk_parallel_for(context, byte_count, 8 * LK_GRAIN, clear_bytes, data);
}
