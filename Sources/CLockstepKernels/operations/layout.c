/// Operations that create and move elements. All but the filling and the reshaping are strided copies; see
/// copy.c for the loop order.
#include <string.h>

#include "copy.h"
#include "operations.h"
#include "strided.h"

typedef struct {
  void *data;
  int64_t element_size;
  uint64_t bits;
} fill_job;

static void fill_elements(void *arguments, int64_t begin, int64_t end, int worker) {
  (void)worker;
  const fill_job *job = arguments;
  switch (job->element_size) {
    case 8:
      for (int64_t i = begin; i < end; i++) {
        ((uint64_t *)job->data)[i] = job->bits;
      }
      break;
    case 4:
      for (int64_t i = begin; i < end; i++) {
        ((uint32_t *)job->data)[i] = (uint32_t)job->bits;
      }
      break;
    default:
      memset((char *)job->data + begin, (int)(job->bits & 0xFF), (size_t)(end - begin));
  }
}

/// The element as bits. That the number fits the type has been checked.
static uint64_t fill_bits(const lk_attributes *attributes, int32_t dtype) {
  bool is_integer = attributes->fill.is_integer;
  double real = is_integer ? (double)attributes->fill.integer : attributes->fill.real;
  float narrow = is_integer ? (float)attributes->fill.integer : (float)attributes->fill.real;
  int64_t integer = is_integer ? attributes->fill.integer : 0;
  uint32_t narrow_bits;
  uint64_t bits;
  switch (dtype) {
    case LK_FLOAT64:
      memcpy(&bits, &real, sizeof bits);
      return bits;
    case LK_FLOAT32:
      memcpy(&narrow_bits, &narrow, sizeof narrow_bits);
      return narrow_bits;
    default:
      return is_integer ? (uint64_t)integer : (uint64_t)(int64_t)real;
  }
}

lk_status lk_fill(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *output = &instruction->outputs[0];
  fill_job job = {
      .data = output->data,
      .element_size = lk_element_size(output->dtype),
      .bits = fill_bits(&instruction->attributes, output->dtype),
  };
  lk_parallel_for(context, lk_count(output), LK_GRAIN, fill_elements, &job);
  return LK_OK;
}

static lk_layout dense_layout(const lk_tensor *tensor) {
  lk_layout layout = {.data = tensor->data};
  lk_dense_strides(tensor, layout.strides);
  return layout;
}

/// The layout beginning `index` elements further along an axis.
static void advance(lk_layout *layout, int axis, int64_t index, int64_t element_size) {
  layout->data = (char *)layout->data + index * layout->strides[axis] * element_size;
}

lk_status lk_reshape(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *input = &instruction->inputs[0];
  lk_layout from = {.data = input->data, .strides = {1}};
  lk_layout to = {.data = instruction->outputs[0].data, .strides = {1}};
  int64_t count = lk_count(input);
  lk_copy_strided(context, &to, &from, 1, &count, lk_element_size(input->dtype));
  return LK_OK;
}

lk_status lk_broadcast(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *input = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  lk_strided walk;
  lk_strided_init(&walk, output->rank, output->shape);
  lk_strided_add_broadcast(&walk, input);
  lk_layout from = {.data = input->data};
  memcpy(from.strides, walk.strides[0], sizeof from.strides);
  lk_layout to = dense_layout(output);
  lk_copy_strided(context, &to, &from, output->rank, output->shape, lk_element_size(input->dtype));
  return LK_OK;
}

lk_status lk_transpose(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *input = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  lk_layout own = dense_layout(input);
  lk_layout from = {.data = input->data};
  for (int axis = 0; axis < output->rank; axis++) {
    from.strides[axis] = own.strides[instruction->attributes.transpose.permutation[axis]];
  }
  lk_layout to = dense_layout(output);
  lk_copy_strided(context, &to, &from, output->rank, output->shape, lk_element_size(input->dtype));
  return LK_OK;
}

lk_status lk_slice(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *input = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  int64_t element_size = lk_element_size(input->dtype);
  lk_layout from = dense_layout(input);
  for (int axis = 0; axis < output->rank; axis++) {
    advance(&from, axis, instruction->attributes.slice.starts[axis], element_size);
    from.strides[axis] *= instruction->attributes.slice.steps[axis];
  }
  lk_layout to = dense_layout(output);
  lk_copy_strided(context, &to, &from, output->rank, output->shape, element_size);
  return LK_OK;
}

lk_status lk_pad(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *input = &instruction->inputs[0];
  const lk_tensor *output = &instruction->outputs[0];
  int64_t element_size = lk_element_size(input->dtype);
  lk_clear(context, output->data, lk_count(output) * element_size);
  lk_layout to = dense_layout(output);
  for (int axis = 0; axis < output->rank; axis++) {
    advance(&to, axis, instruction->attributes.pad.low[axis], element_size);
    to.strides[axis] *= instruction->attributes.pad.interior[axis] + 1;
  }
  lk_layout from = dense_layout(input);
  lk_copy_strided(context, &to, &from, input->rank, input->shape, element_size);
  return LK_OK;
}

lk_status lk_concatenate(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *output = &instruction->outputs[0];
  int64_t element_size = lk_element_size(output->dtype);
  int axis = instruction->attributes.along_axis.axis;
  lk_layout to = dense_layout(output);
  for (int index = 0; index < instruction->input_count; index++) {
    const lk_tensor *input = &instruction->inputs[index];
    lk_layout from = dense_layout(input);
    lk_copy_strided(context, &to, &from, input->rank, input->shape, element_size);
    advance(&to, axis, input->shape[axis], element_size);
  }
  return LK_OK;
}
