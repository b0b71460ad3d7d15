#include "probes.h"

#include <stdarg.h>
#include <stdio.h>

static int row_count;

void begin_probes(void) { row_count = 0; }

void print_probe(const char *name, const char *format, ...) {
  printf("%s\n  \"%s\": \"", row_count++ == 0 ? "{" : ",", name);
  va_list values;
  va_start(values, format);
  vprintf(format, values);
  va_end(values);
  putchar('"');
}

void end_probes(void) {
  puts("\n}");
  fflush(stdout);
}

void print_probes(void) {
  begin_probes();
  print_architecture_probes();
  end_probes();
}

#if !defined(__x86_64__) && !defined(__aarch64__)
void print_architecture_probes(void) { print_probe("architecture", "unknown"); }
#endif
