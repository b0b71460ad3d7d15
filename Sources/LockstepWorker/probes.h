/// Small computations whose results tell CPUs and translators apart.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "other_blas.h"

/// Prints what single instructions give, as one JSON object of texts.
void print_probes(void);

/// Prints the errors of OpenBLAS's norms of vectors up to a length. False where the length is below 1,000 or
/// not an int, or there is no memory for it.
bool print_norm_probes(int64_t longest);

/// Prints what happens when instructions are executed that CPUs may lack.
void print_illegal_probes(void);

/// Prints what products of denormal numbers cost and give, with and without flushing them to zero.
void print_denormal_probes(void);

/// Prints how fast matrices are multiplied, for about so long, by the linked OpenBLAS or another. False where there is
/// no memory or thread for it.
bool print_product_probes(int milliseconds, const other_blas *other);

/// Begins an object.
void begin_probes(void);

/// Adds one row; its text is made as printf does.
__attribute__((format(printf, 2, 3))) void print_probe(const char *name, const char *format, ...);

/// Ends an object.
void end_probes(void);

/// The rows of the architecture that this is compiled for.
void print_architecture_probes(void);
