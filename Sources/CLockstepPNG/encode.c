// Writing, to a buffer that grows. As in decode.c, nothing that may be jumped over owns anything.
#include <stdlib.h>
#include <string.h>

#include "failure.h"

typedef struct {
  lpng_escape escape;
  png_structp png;
  png_infop info;

  const uint8_t *pixels;
  uint32_t width;
  uint32_t height;
  int channels;

  uint8_t *encoded;
  size_t count;
  size_t capacity;
} lpng_writer;

static void reserve(lpng_writer *writer, size_t needed) {
  if (needed <= writer->capacity) {
    return;
  }
  size_t doubled = writer->capacity * 2;
  size_t capacity = doubled > needed ? doubled : needed;
  uint8_t *grown = realloc(writer->encoded, capacity);
  if (grown == NULL) {
    writer->escape.status = LPNG_OUT_OF_MEMORY;
    png_error(writer->png, "no memory for the encoded image");
  }
  writer->encoded = grown;
  writer->capacity = capacity;
}

static void collect_bytes(png_structp png, png_bytep bytes, size_t count) {
  lpng_writer *writer = png_get_io_ptr(png);
  reserve(writer, writer->count + count);
  memcpy(writer->encoded + writer->count, bytes, count);
  writer->count += count;
}

static void flush_nothing(png_structp png) {
  (void)png;
}

static int color_type_of(int channels) {
  switch (channels) {
    case 1:
      return PNG_COLOR_TYPE_GRAY;
    case 3:
      return PNG_COLOR_TYPE_RGB;
    default:
      return PNG_COLOR_TYPE_RGB_ALPHA;
  }
}

static void encode(lpng_writer *writer) {
  png_structp png = writer->png;
  png_set_write_fn(png, writer, collect_bytes, flush_nothing);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(
    png, writer->info, writer->width, writer->height, 8, color_type_of(writer->channels),
    PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, writer->info);
  size_t row_bytes = (size_t)writer->width * (size_t)writer->channels;
  for (uint32_t row = 0; row < writer->height; row++) {
    png_write_row(png, writer->pixels + row * row_bytes);
  }
  png_write_end(png, NULL);
}

static lpng_status run(lpng_writer *writer) {
  if (setjmp(writer->escape.landing) != 0) {
    return writer->escape.status;
  }
  encode(writer);
  return LPNG_OK;
}

static lpng_status open_writer(lpng_writer *writer) {
  writer->png = png_create_write_struct(
    PNG_LIBPNG_VER_STRING, &writer->escape, lpng_on_error, lpng_on_warning);
  if (writer->png != NULL) {
    writer->info = png_create_info_struct(writer->png);
  }
  if (writer->info == NULL) {
    return lpng_fail(&writer->escape, LPNG_OUT_OF_MEMORY, "libpng could not start");
  }
  return LPNG_OK;
}

lpng_status lpng_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t **encoded,
  size_t *encoded_count, lpng_failure *failure) {
  lpng_writer writer = {.pixels = pixels, .width = width, .height = height, .channels = channels};
  lpng_escape_prepare(&writer.escape, failure);
  *encoded = NULL;
  *encoded_count = 0;
  if (channels != 1 && channels != 3 && channels != 4) {
    return lpng_fail(&writer.escape, LPNG_BAD_ARGUMENT, "channels must be 1, 3 or 4");
  }
  lpng_status status = open_writer(&writer);
  if (status == LPNG_OK) {
    status = run(&writer);
  }
  png_destroy_write_struct(&writer.png, &writer.info);
  if (status != LPNG_OK) {
    free(writer.encoded);
    return status;
  }
  *encoded = writer.encoded;
  *encoded_count = writer.count;
  return LPNG_OK;
}

void lpng_free(uint8_t *encoded) {
  free(encoded);
}
