#include "failure.h"

#include <stdio.h>

void lpng_escape_prepare(lpng_escape *escape, lpng_failure *failure) {
  escape->status = LPNG_CORRUPT;
  escape->failure = failure;
  failure->message[0] = '\0';
}

lpng_status lpng_fail(lpng_escape *escape, lpng_status status, const char *message) {
  escape->status = status;
  snprintf(escape->failure->message, LPNG_MESSAGE_CAPACITY, "%s", message);
  return status;
}

void lpng_on_error(png_structp png, png_const_charp message) {
  lpng_escape *escape = png_get_error_ptr(png);
  lpng_fail(escape, escape->status, message);
  longjmp(escape->landing, 1);
}

void lpng_on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}
