// The one way out of libpng: its error callback notes the message and jumps back.
#pragma once

#include <png.h>
#include <setjmp.h>

#include "lockstep_png.h"

/// Held by the caller of libpng for the whole operation, never by the frame that jumps.
typedef struct {
  jmp_buf landing;
  lpng_status status;
  lpng_failure *failure;
} lpng_escape;

/// Starts as "corrupt", which is what an error raised by libpng itself means.
void lpng_escape_prepare(lpng_escape *escape, lpng_failure *failure);

/// Notes what went wrong without leaving.
lpng_status lpng_fail(lpng_escape *escape, lpng_status status, const char *message);

/// libpng's error callback; the error pointer is an `lpng_escape`.
void lpng_on_error(png_structp png, png_const_charp message);

/// libpng's warning callback: a warning never changes pixels, so it is dropped.
void lpng_on_warning(png_structp png, png_const_charp message);
