/// Whether a binary translator stands between this program and the CPU.
#pragma once

#include <stdbool.h>
#include <stddef.h>

/// Looks for signs of translation and writes those found, or what was looked at in vain, as one line.
/// Returns whether there are any.
bool find_translation(char *evidence, size_t size);
