/// Functions of elements, whose operands broadcast.
///
/// Kernels only know arrays of one length. An operand that repeats, a number or a row such as a bias, is
/// written out into a small buffer that stays in the first-level cache and is read again and again; so
/// there is one loop for each function and type, and short rows cost no more than long ones.
#include <string.h>

#include "operations.h"
#include "strided.h"

enum { max_inputs = 3, buffer_elements = 512, buffer_bytes = 8 * buffer_elements };

typedef struct {
  lk_elementwise_kernel kernel;
  char *output;
  int64_t output_size;
  int inputs;
  const char *data[max_inputs];
  int64_t sizes[max_inputs]; // bytes of an element
  lk_strided walk;
  int64_t row_length;
} elementwise_job;

typedef struct {
  _Alignas(64) char bytes[max_inputs][buffer_bytes];
} repeat_buffers;

#define LK_DEFINE_PUT(type)                                                                                  \
  static void put_##type(type *restrict buffer, const type *elements, int64_t step, int64_t count) {         \
    for (int64_t i = 0; i < count; i++) {                                                                    \
      buffer[i] = elements[i * step];                                                                        \
    }                                                                                                        \
  }
LK_DEFINE_PUT(uint64_t)
LK_DEFINE_PUT(uint32_t)
LK_DEFINE_PUT(uint8_t)

/// Puts `count` elements that lie `step` (0 or 1) apart into a buffer.
static void put(char *buffer, const char *elements, int64_t step, int64_t count, int64_t element_size) {
  if (element_size == 8) {
    put_uint64_t((void *)buffer, (const void *)elements, step, count);
  } else if (element_size == 4) {
    put_uint32_t((void *)buffer, (const void *)elements, step, count);
  } else {
    put_uint8_t((void *)buffer, (const void *)elements, step, count);
  }
}

/// The same, as often as `capacity` holds them all.
static void repeat(char *buffer, const char *elements, int64_t step, int64_t count, int64_t capacity,
                   int64_t element_size) {
  int64_t total = capacity / count * count;
  if (count == 1 || step == 0) {
    put(buffer, elements, 0, total, element_size);
    return;
  }
  put(buffer, elements, step, count, element_size);
  for (int64_t filled = count; filled < total; filled *= 2) {
    memcpy(buffer + filled * element_size, buffer,
           (size_t)(lk_minimum(filled, total - filled) * element_size));
  }
}

/// All operands are as long as the output.
static void apply_dense(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const elementwise_job *job = arguments;
  const void *inputs[max_inputs];
  for (int k = 0; k < job->inputs; k++) {
    inputs[k] = job->data[k] + begin * job->sizes[k];
  }
  job->kernel(job->output + begin * job->output_size, inputs, end - begin);
}

/// Each operand is either as long as the output or one short row for all rows of it.
static void apply_repeating(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const elementwise_job *job = arguments;
  repeat_buffers buffers;
  int64_t rows = (end - 1) / job->row_length - begin / job->row_length + 1;
  int64_t buffered = lk_minimum(buffer_elements / job->row_length, rows) * job->row_length;
  for (int k = 0; k < job->inputs; k++) {
    if (job->walk.strides[k][0] == 0) {
      repeat(buffers.bytes[k], job->data[k], lk_strided_step(&job->walk, k), job->row_length, buffered,
             job->sizes[k]);
    }
  }
  for (int64_t position = begin; position < end;) {
    int64_t column = position % job->row_length;
    int64_t length = lk_minimum(buffered - column, end - position);
    const void *inputs[max_inputs];
    for (int k = 0; k < job->inputs; k++) {
      bool repeats = job->walk.strides[k][0] == 0;
      inputs[k] = repeats ? buffers.bytes[k] + column * job->sizes[k]
                          : job->data[k] + position * job->sizes[k];
    }
    job->kernel(job->output + position * job->output_size, inputs, length);
    position += length;
  }
}

/// A part of one row: operands go along with it or are one number.
static void apply_to_row(const elementwise_job *job, const int64_t *offsets, int64_t position, int64_t column,
                         int64_t length) {
  repeat_buffers buffers;
  const char *starts[max_inputs];
  bool all_dense = true;
  for (int k = 0; k < job->inputs; k++) {
    int64_t step = lk_strided_step(&job->walk, k);
    starts[k] = job->data[k] + (offsets[k] + column * step) * job->sizes[k];
    all_dense &= step != 0;
    if (step == 0) {
      repeat(buffers.bytes[k], starts[k], 0, 1, lk_minimum(length, buffer_elements), job->sizes[k]);
    }
  }
  int64_t block = all_dense ? length : buffer_elements;
  for (int64_t done = 0; done < length; done += block) {
    const void *inputs[max_inputs];
    for (int k = 0; k < job->inputs; k++) {
      bool repeats = lk_strided_step(&job->walk, k) == 0;
      inputs[k] = repeats ? buffers.bytes[k] : starts[k] + done * job->sizes[k];
    }
    char *output = job->output + (position + done) * job->output_size;
    job->kernel(output, inputs, lk_minimum(block, length - done));
  }
}

/// Any broadcasting.
static void apply_by_rows(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const elementwise_job *job = arguments;
  int64_t position = begin;
  while (position < end) {
    int64_t offsets[LK_MAX_STRIDED];
    int64_t column = position % job->row_length;
    int64_t length = lk_minimum(job->row_length - column, end - position);
    lk_strided_row_offsets(&job->walk, position / job->row_length, offsets);
    apply_to_row(job, offsets, position, column, length);
    position += length;
  }
}

/// A number against an array becomes a row of length one against many.
static void add_row_of_one(lk_strided *walk) {
  walk->sizes[1] = 1;
  for (int k = 0; k < walk->operands; k++) {
    walk->strides[k][1] = 1;
  }
  walk->rank = 2;
}

static bool is_dense(const lk_strided *walk) {
  for (int k = 0; k < walk->operands; k++) {
    if (lk_strided_step(walk, k) != 1) {
      return false;
    }
  }
  return walk->rank == 1;
}

static bool is_repeating(const lk_strided *walk) {
  if (walk->rank != 2 || walk->sizes[1] > buffer_elements / 2) {
    return false;
  }
  for (int k = 0; k < walk->operands; k++) {
    bool dense = walk->strides[k][0] == walk->sizes[1] && walk->strides[k][1] == 1;
    if (!dense && walk->strides[k][0] != 0) {
      return false;
    }
  }
  return true;
}

static lk_status execute(lk_context *context, const lk_instruction *instruction,
                         lk_elementwise_kernel kernel) {
  const lk_tensor *output = &instruction->outputs[0];
  int64_t count = lk_count(output);
  if (kernel == NULL) {
    return LK_ERROR_UNSUPPORTED;
  }
  if (count == 0) {
    return LK_OK;
  }
  elementwise_job job = {
      .kernel = kernel,
      .output = output->data,
      .output_size = lk_element_size(output->dtype),
      .inputs = instruction->input_count,
  };
  lk_strided_init(&job.walk, output->rank, output->shape);
  for (int k = 0; k < job.inputs; k++) {
    job.data[k] = instruction->inputs[k].data;
    job.sizes[k] = lk_element_size(instruction->inputs[k].dtype);
    lk_strided_add_broadcast(&job.walk, &instruction->inputs[k]);
  }
  lk_strided_coalesce(&job.walk);
  lk_range_task task = apply_by_rows;
  if (count == 1 || is_dense(&job.walk)) {
    task = apply_dense;
  } else {
    if (job.walk.rank == 1) {
      add_row_of_one(&job.walk);
    }
    task = is_repeating(&job.walk) ? apply_repeating : apply_by_rows;
  }
  job.row_length = lk_strided_row_length(&job.walk);
  lk_parallel_for(context, count, LK_GRAIN, task, &job);
  return LK_OK;
}

lk_status lk_cast(lk_context *context, const lk_instruction *instruction) {
  int32_t from = instruction->inputs[0].dtype;
  int32_t to = instruction->outputs[0].dtype;
  return execute(context, instruction, context->kernels->cast[from][to]);
}

lk_status lk_unary(lk_context *context, const lk_instruction *instruction) {
  int32_t function = instruction->attributes.elementwise.function;
  return execute(context, instruction, context->kernels->unary[function][instruction->inputs[0].dtype]);
}

lk_status lk_binary(lk_context *context, const lk_instruction *instruction) {
  int32_t function = instruction->attributes.elementwise.function;
  return execute(context, instruction, context->kernels->binary[function][instruction->inputs[0].dtype]);
}

lk_status lk_select(lk_context *context, const lk_instruction *instruction) {
  return execute(context, instruction, context->kernels->select[instruction->outputs[0].dtype]);
}
