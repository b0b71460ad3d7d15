/// Small computations whose results tell CPUs and translators apart.
#pragma once

/// Prints what they give, as one JSON object of texts.
void print_probes(void);

/// Adds one row; its text is made as printf does.
__attribute__((format(printf, 2, 3))) void print_probe(const char *name, const char *format, ...);

/// The rows of the architecture that this is compiled for.
void print_architecture_probes(void);
