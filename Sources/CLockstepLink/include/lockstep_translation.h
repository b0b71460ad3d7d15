/// Whether a binary translator stands between this program and the CPU.
#pragma once

#include <stdbool.h>
#include <stddef.h>

/// What the CPU, or what stands in for it, says and does. All is empty or false on other architectures than
/// x86-64.
typedef struct {
  /// The name in CPUID leaf 0x40000000: a hypervisor's, or a translator's. Real CPUs without either may
  /// answer with something meaningless.
  char hypervisor[13];
  /// The CPU's name in CPUID leaves 0x80000002 to 4.
  char brand[49];
  /// Valgrind answers its client request.
  bool valgrind_answers;
  /// rcpss gives all 24 bits.
  bool reciprocals_are_exact;
  /// Denormal results survive although MXCSR says that they are to become zero.
  bool flush_to_zero_is_ignored;
} lk_cpu_marks;

/// Asks the CPU.
void lk_read_cpu_marks(lk_cpu_marks *marks);

/// Looks for signs of translation and writes those found, or what was looked at in vain, as one line.
/// Returns whether there are any.
bool lk_find_translation(char *evidence, size_t size);
