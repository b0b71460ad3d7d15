/// Reductions over any set of axes.
///
/// Neighbouring axes that are all reduced, or all kept, are one. What remains is done one reduced group at a
/// time, the innermost first, each seen as [outer, reduced, inner]. Long sums are cut into blocks of a fixed
/// length whose results are reduced again the same way: a tree whose form depends on the shape alone, with
/// the error of a chain of a thousand additions instead of a million, and work for every thread.
#include <string.h>

#include "copy.h"
#include "operations.h"

#pragma STDC FP_CONTRACT OFF

/// Elements of a row, and rows of a column, that one kernel call reduces.
static const int64_t row_block = 1024;
static const int64_t column_block = 256;

/// Columns that are worth a task where there are many.
static const int64_t column_tile = 4096;

typedef struct {
  int32_t function;
  int32_t dtype;
  const char *input;
  char *output;
  int64_t outer, reduced, inner;
  int64_t element_size;
  int64_t blocks; // of the reduced size
  int64_t tiles;  // of the inner size
  const lk_kernel_table *kernels;
} reduction_stage;

/// Items begin ..< end of [outer, blocks]; each makes one element of the output.
static void reduce_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const reduction_stage *stage = arguments;
  lk_row_kernel kernel = stage->kernels->reduce_row[stage->function][stage->dtype];
  for (int64_t item = begin; item < end; item++) {
    int64_t first = item % stage->blocks * row_block;
    int64_t length = lk_minimum(row_block, stage->reduced - first);
    int64_t offset = item / stage->blocks * stage->reduced + first;
    kernel(stage->output + item * stage->element_size, stage->input + offset * stage->element_size, length);
  }
}

/// Items begin ..< end of [outer, blocks, tiles]; each makes a run of columns of [outer, blocks, inner].
static void reduce_columns(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const reduction_stage *stage = arguments;
  lk_column_kernel kernel = stage->kernels->reduce_columns[stage->function][stage->dtype];
  for (int64_t item = begin; item < end; item++) {
    int64_t column = item % stage->tiles * column_tile;
    int64_t columns = lk_minimum(column_tile, stage->inner - column);
    int64_t result = item / stage->tiles;
    int64_t first = result % stage->blocks * column_block;
    int64_t rows = lk_minimum(column_block, stage->reduced - first);
    int64_t source = (result / stage->blocks * stage->reduced + first) * stage->inner + column;
    int64_t target = result * stage->inner + column;
    kernel(stage->output + target * stage->element_size, stage->input + source * stage->element_size, rows,
           stage->inner, columns);
  }
}

/// One pass over the input; makes [outer, blocks, inner].
static void reduce_blocks(lk_context *context, reduction_stage *stage) {
  if (stage->inner == 1) {
    int64_t cost = lk_minimum(stage->reduced, row_block);
    lk_parallel_for(context, stage->outer * stage->blocks, lk_grain(cost), reduce_rows, stage);
    return;
  }
  stage->tiles = lk_divide_up(stage->inner, column_tile);
  int64_t cost = lk_minimum(stage->reduced, column_block) * lk_minimum(stage->inner, column_tile);
  int64_t items = stage->outer * stage->blocks * stage->tiles;
  lk_parallel_for(context, items, lk_grain(cost), reduce_columns, stage);
}

/// How results of a reduction are reduced further: squares are added up, not squared again.
static int32_t function_of_results(int32_t function) {
  return function == LK_SUM_OF_SQUARES ? LK_SUM : function;
}

/// [outer, reduced, inner] to [outer, inner].
static lk_status run_stage(lk_context *context, reduction_stage stage) {
  if (stage.outer * stage.inner == 0) {
    return LK_OK;
  }
  if (stage.reduced == 0) {
    // Only sums get here: the others have been refused.
    lk_clear(context, stage.output, stage.outer * stage.inner * stage.element_size);
    return LK_OK;
  }
  char *result = stage.output;
  for (;;) {
    stage.blocks = lk_divide_up(stage.reduced, stage.inner == 1 ? row_block : column_block);
    if (stage.blocks == 1) {
      stage.output = result;
      reduce_blocks(context, &stage);
      return LK_OK;
    }
    int64_t partials = stage.outer * stage.blocks * stage.inner;
    stage.output = lk_scratch_allocate(&context->scratch, partials, stage.element_size);
    if (stage.output == NULL) {
      return LK_ERROR_OUT_OF_MEMORY;
    }
    reduce_blocks(context, &stage);
    stage.input = stage.output;
    stage.reduced = stage.blocks;
    stage.function = function_of_results(stage.function);
  }
}

/// Alternating groups of reduced and kept axes.
typedef struct {
  int count;
  int64_t sizes[LK_MAX_RANK];
  bool reduced[LK_MAX_RANK];
} axis_groups;

static axis_groups group_axes(const lk_tensor *input, uint32_t axes) {
  axis_groups groups = {0};
  for (int axis = 0; axis < input->rank; axis++) {
    bool reduced = (axes >> axis & 1) != 0;
    if (groups.count > 0 && groups.reduced[groups.count - 1] == reduced) {
      groups.sizes[groups.count - 1] *= input->shape[axis];
    } else {
      groups.sizes[groups.count] = input->shape[axis];
      groups.reduced[groups.count] = reduced;
      groups.count++;
    }
  }
  return groups;
}

static int64_t product(const int64_t *sizes, int begin, int end) {
  int64_t result = 1;
  for (int index = begin; index < end; index++) {
    result *= sizes[index];
  }
  return result;
}

/// The last reduced group before `end`, or -1.
static int last_reduced(const axis_groups *groups, int end) {
  int index = end - 1;
  while (index >= 0 && !groups->reduced[index]) {
    index--;
  }
  return index;
}

static lk_status reduce_groups(lk_context *context, reduction_stage stage, axis_groups groups) {
  char *result = stage.output;
  int group = last_reduced(&groups, groups.count);
  if (group < 0 && stage.function != LK_SUM_OF_SQUARES) {
    memcpy(result, stage.input, (size_t)(product(groups.sizes, 0, groups.count) * stage.element_size));
    return LK_OK;
  }
  if (group < 0) {
    // Every element is a group of one.
    stage.outer = product(groups.sizes, 0, groups.count);
    stage.reduced = stage.inner = 1;
    return run_stage(context, stage);
  }
  while (group >= 0) {
    int next = last_reduced(&groups, group);
    stage.outer = product(groups.sizes, 0, group);
    stage.reduced = groups.sizes[group];
    stage.inner = product(groups.sizes, group + 1, groups.count);
    groups.sizes[group] = 1;
    stage.output = result;
    if (next >= 0) {
      stage.output = lk_scratch_allocate(&context->scratch, stage.outer * stage.inner, stage.element_size);
      if (stage.output == NULL) {
        return LK_ERROR_OUT_OF_MEMORY;
      }
    }
    lk_status status = run_stage(context, stage);
    if (status != LK_OK) {
      return status;
    }
    stage.input = stage.output;
    stage.function = function_of_results(stage.function);
    group = next;
  }
  return LK_OK;
}

typedef struct {
  const lk_tensor *output;
  int64_t count;
} mean_job;

/// Means of no elements are 0 / 0, which is NaN as it should be.
static void divide_by_count(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const mean_job *job = arguments;
  for (int64_t i = begin; i < end; i++) {
    if (job->output->dtype == LK_FLOAT64) {
      ((double *)job->output->data)[i] /= (double)job->count;
    } else {
      ((float *)job->output->data)[i] /= (float)job->count;
    }
  }
}

lk_status lk_reduce(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *input = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  reduction_stage stage = {
      .function = instruction->attributes.reduce.function,
      .dtype = input->dtype,
      .input = input->data,
      .output = output->data,
      .element_size = lk_element_size(input->dtype),
      .kernels = context->kernels,
  };
  if (context->kernels->reduce_row[stage.function][stage.dtype] == NULL) {
    return LK_ERROR_UNSUPPORTED;
  }
  uint32_t axes = instruction->attributes.reduce.axes;
  lk_status status = reduce_groups(context, stage, group_axes(input, axes));
  if (status == LK_OK && stage.function == LK_MEAN) {
    mean_job job = {.output = output, .count = 1};
    for (int axis = 0; axis < input->rank; axis++) {
      job.count *= (axes >> axis & 1) != 0 ? input->shape[axis] : 1;
    }
    lk_parallel_for(context, lk_count(output), LK_GRAIN, divide_by_count, &job);
  }
  return status;
}
