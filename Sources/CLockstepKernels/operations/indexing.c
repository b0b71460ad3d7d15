/// Gather and scatter-add along an axis, tensors seen as [outer, axis, inner]. Indices are checked before
/// anything is written; a negative one is out of range.
///
/// A scatter-add adds the slices in their order: columns of the inner size are cut into tasks, the indices
/// are not, so duplicates are added up in the same order on any number of threads.
#include <string.h>

#include "copy.h"
#include "operations.h"

static int64_t index_at(const lk_tensor *indices, int64_t position) {
  return indices->dtype == LK_INT64 ? ((const int64_t *)indices->data)[position]
                                    : ((const int32_t *)indices->data)[position];
}

static bool all_below(const lk_tensor *indices, int64_t size) {
  int64_t count = lk_count(indices);
  for (int64_t position = 0; position < count; position++) {
    int64_t index = index_at(indices, position);
    if (index < 0 || index >= size) {
      return false;
    }
  }
  return true;
}

typedef struct {
  const lk_tensor *input;
  const lk_tensor *indices;
  const lk_tensor *output;
  lk_accumulate_kernel accumulate;
  int64_t count;       // of indices
  int64_t axis_size;   // of what is selected from, or added into
  int64_t inner;       // elements
  int64_t inner_tasks; // of scatter-add
  int64_t element_size;
} indexing_job;

/// Elements of the inner size that a task of scatter-add takes: whole cache lines, whatever the type.
static const int64_t columns_per_task = 256;

static indexing_job make_job(const lk_instruction *instruction) {
  const lk_tensor *input = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  int axis = instruction->attributes.along_axis.axis;
  indexing_job job = {.input = input, .indices = &instruction->inputs[1], .output = output};
  job.count = lk_count(job.indices);
  job.inner = lk_extent(input, axis + 1, input->rank);
  job.element_size = lk_element_size(input->dtype);
  return job;
}

/// Slices begin ..< end of [outer, indices].
static void gather_slices(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const indexing_job *job = arguments;
  int64_t slice_bytes = job->inner * job->element_size;
  const char *input = job->input->data;
  char *output = job->output->data;
  for (int64_t slice = begin; slice < end; slice++) {
    int64_t outer = slice / job->count;
    int64_t source = outer * job->axis_size + index_at(job->indices, slice % job->count);
    memcpy(output + slice * slice_bytes, input + source * slice_bytes, (size_t)slice_bytes);
  }
}

lk_status lk_gather(lk_context *context, const lk_instruction *instruction) {
  indexing_job job = make_job(instruction);
  int axis = instruction->attributes.along_axis.axis;
  job.axis_size = job.input->shape[axis];
  if (!all_below(job.indices, job.axis_size)) {
    return LK_ERROR_INDEX_OUT_OF_RANGE;
  }
  int64_t slices = lk_extent(job.input, 0, axis) * job.count;
  if (job.inner > 0) {
    lk_parallel_for(context, slices, lk_grain(job.inner), gather_slices, &job);
  }
  return LK_OK;
}

/// Tasks begin ..< end of [outer, runs of columns].
static void scatter_columns(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const indexing_job *job = arguments;
  const char *input = job->input->data;
  char *output = job->output->data;
  for (int64_t task = begin; task < end; task++) {
    int64_t outer = task / job->inner_tasks;
    int64_t column = task % job->inner_tasks * columns_per_task;
    int64_t length = lk_minimum(columns_per_task, job->inner - column);
    for (int64_t position = 0; position < job->count; position++) {
      int64_t source = (outer * job->count + position) * job->inner + column;
      int64_t target = (outer * job->axis_size + index_at(job->indices, position)) * job->inner + column;
      job->accumulate(output + target * job->element_size, input + source * job->element_size, length);
    }
  }
}

lk_status lk_scatter_add(lk_context *context, const lk_instruction *instruction) {
  indexing_job job = make_job(instruction);
  int axis = instruction->attributes.along_axis.axis;
  job.axis_size = job.output->shape[axis];
  job.accumulate = context->kernels->accumulate[LK_SUM][job.input->dtype];
  if (job.accumulate == NULL) {
    return LK_ERROR_UNSUPPORTED;
  }
  if (!all_below(job.indices, job.axis_size)) {
    return LK_ERROR_INDEX_OUT_OF_RANGE;
  }
  lk_clear(context, job.output->data, lk_count(job.output) * job.element_size);
  job.inner_tasks = lk_divide_up(job.inner, columns_per_task);
  int64_t tasks = lk_extent(job.input, 0, axis) * job.inner_tasks;
  int64_t cost = job.count * lk_minimum(job.inner, columns_per_task);
  lk_parallel_for(context, tasks, lk_grain(cost), scatter_columns, &job);
  return LK_OK;
}
