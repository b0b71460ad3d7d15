/// Weighted sums of a tensor's rows or columns, on all threads: what a check of products is made of.
#pragma once

#include "../include/lockstep_check.h"
#include "operations.h"

/// A row-major matrix of float32 or float64 whose rows lie `stride` elements apart.
typedef struct {
  const void *data;
  int32_t dtype;
  int64_t rows, columns, stride;
} lk_matrix_view;

/// `count` doubles of scratch memory, all 0; NULL when there is no memory.
double *lk_zeros(lk_context *context, int64_t count);

/// A sum for each row, of its elements times `weights` [columns]; and of its squares unless `squares` is NULL.
void lk_project_rows(lk_context *context, lk_matrix_view matrix, const double *weights, double *sums,
                     double *squares);

/// The same for each column, with `weights` [rows]; `sums` and `squares` must be 0. False when memory ran out.
bool lk_project_columns(lk_context *context, lk_matrix_view matrix, const double *weights, double *sums,
                        double *squares);

/// Σ values.
double lk_total(const double *values, int64_t count);

/// Notes how far a sum over elements of the result lies from what it should be.
///
/// - terms: K, how many products an element adds up.
/// - norm: the root of the sum of the squares of Σ|a||b| over the elements, or more.
void lk_check_sum(lk_check *check, int32_t dtype, int64_t terms, double got, double expected, double norm);

// check_matmul.c, check_convolution.c
lk_status lk_check_matmul(lk_context *context, const lk_instruction *instruction, const double *signs,
                          lk_check *check);
lk_status lk_check_conv2d(lk_context *context, const lk_instruction *instruction, const double *signs,
                          lk_check *check);
lk_status lk_check_conv2d_input_gradient(lk_context *context, const lk_instruction *instruction,
                                         const double *signs, lk_check *check);
lk_status lk_check_conv2d_weight_gradient(lk_context *context, const lk_instruction *instruction,
                                          const double *signs, lk_check *check);
