/// Forward convolution and its gradient at the input.
#include "convolution.h"

lk_status lk_conv2d(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *image = &instruction->inputs[0];
  const lk_tensor *weight = &instruction->inputs[1];
  const lk_tensor *output = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  if (lk_count(output) == 0) {
    return LK_OK;
  }
  lk_convolution shape = lk_convolution_of(instruction, image, weight, output);
  lk_convolution_plan plan;
  if (!lk_plan_convolution(context, &shape, image->data, weight->data, output->data, &plan)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  return lk_run_convolution(context, &plan);
}

lk_status lk_conv2d_input_gradient(lk_context *context, const lk_instruction *instruction) {
  const lk_tensor *gradient = &instruction->inputs[0];
  const lk_tensor *weight = &instruction->inputs[1];
  const lk_tensor *image = &instruction->outputs[0];
  if (!lk_is_floating(image->dtype)) {
    return LK_ERROR_UNSUPPORTED;
  }
  if (lk_count(image) == 0) {
    return LK_OK;
  }
  lk_convolution shape = lk_convolution_of(instruction, image, weight, gradient);
  lk_convolution_plan plan;
  if (!lk_plan_input_gradient(context, &shape, gradient->data, weight->data, image->data, &plan)) {
    return LK_ERROR_OUT_OF_MEMORY;
  }
  return lk_run_convolution(context, &plan);
}
