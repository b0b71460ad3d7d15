// Reading: signature, header, pixels, and what is after them.
//
// Every function below `run` may leave by longjmp, so none of them owns anything: all that must be freed
// is in `lpng_reader`, which lives in the frame of the public function and is freed there on every path.
#include <stdlib.h>
#include <string.h>

#include "failure.h"

enum { SIGNATURE_LENGTH = 8 };

typedef struct {
  lpng_escape escape;
  png_structp png;
  png_infop info;

  const uint8_t *next;
  size_t left;

  lpng_header header;
  int channels;
  uint64_t pixel_limit;
  uint8_t *pixels;
  size_t capacity;
  /// RGB of the whole image when gray is asked of a colour image, otherwise NULL.
  uint8_t *colour;
} lpng_reader;

typedef void (*lpng_body)(lpng_reader *reader);

static void supply_bytes(png_structp png, png_bytep out, size_t count) {
  lpng_reader *reader = png_get_io_ptr(png);
  if (count > reader->left) {
    reader->escape.status = LPNG_TRUNCATED;
    png_error(png, "the data end before the image does");
  }
  memcpy(out, reader->next, count);
  reader->next += count;
  reader->left -= count;
}

static lpng_status check_signature(lpng_reader *reader) {
  static const uint8_t signature[SIGNATURE_LENGTH] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  bool is_short = reader->left < SIGNATURE_LENGTH;
  size_t compared = is_short ? reader->left : SIGNATURE_LENGTH;
  if (compared == 0 || memcmp(reader->next, signature, compared) != 0) {
    return lpng_fail(&reader->escape, LPNG_NOT_PNG, "no PNG signature");
  }
  if (is_short) {
    return lpng_fail(&reader->escape, LPNG_TRUNCATED, "the data end within the PNG signature");
  }
  return LPNG_OK;
}

/// Creates libpng's structures with the limits and checks that hold for every file.
static lpng_status open_reader(lpng_reader *reader) {
  lpng_status status = check_signature(reader);
  if (status != LPNG_OK) {
    return status;
  }
  reader->png = png_create_read_struct(
    PNG_LIBPNG_VER_STRING, &reader->escape, lpng_on_error, lpng_on_warning);
  if (reader->png != NULL) {
    reader->info = png_create_info_struct(reader->png);
  }
  if (reader->info == NULL) {
    return lpng_fail(&reader->escape, LPNG_OUT_OF_MEMORY, "libpng could not start");
  }
  return LPNG_OK;
}

static void close_reader(lpng_reader *reader) {
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader->colour);
}

static lpng_status run(lpng_reader *reader, lpng_body body) {
  if (setjmp(reader->escape.landing) != 0) {
    return reader->escape.status;
  }
  body(reader);
  return LPNG_OK;
}

static void configure(lpng_reader *reader) {
  png_structp png = reader->png;
  png_set_read_fn(png, reader, supply_bytes);
  // libpng's own limit would read as "corrupt"; ours is checked before anything of that size exists.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  // By default a bad check sum in tRNS is a warning and the transparency is lost without a word.
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  // Nothing but tRNS changes what we return: not parsing the other ancillary chunks keeps compressed
  // profiles and texts, and faults in them, out of the way. Their check sums are still verified.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  static const png_byte transparency[5] = "tRNS";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_AS_DEFAULT, transparency, 1);
}

static bool palette_is_gray(png_structp png, png_infop info) {
  png_colorp palette = NULL;
  int count = 0;
  png_get_PLTE(png, info, &palette, &count);
  for (int index = 0; index < count; index++) {
    png_color entry = palette[index];
    if (entry.red != entry.green || entry.green != entry.blue) {
      return false;
    }
  }
  return count > 0;
}

static void read_header(lpng_reader *reader) {
  png_structp png = reader->png;
  png_infop info = reader->info;
  configure(reader);
  png_read_info(png, info);

  lpng_header *header = &reader->header;
  int color_type = png_get_color_type(png, info);
  bool has_alpha = (color_type & PNG_COLOR_MASK_ALPHA) != 0;
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->color_type = (uint8_t)color_type;
  header->bit_depth = png_get_bit_depth(png, info);
  header->is_interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  header->has_transparency = has_alpha || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  if (color_type == PNG_COLOR_TYPE_PALETTE) {
    header->is_gray = palette_is_gray(png, info);
  } else {
    header->is_gray = (color_type & PNG_COLOR_MASK_COLOR) == 0;
  }
}

static bool needs_luma(const lpng_reader *reader) {
  bool has_colour = (reader->header.color_type & PNG_COLOR_MASK_COLOR) != 0;
  return reader->channels == 1 && has_colour;
}

/// Leaves libpng's row format at `channels` 8-bit samples, or at RGB where luma is still to be taken.
static void request_format(lpng_reader *reader) {
  png_structp png = reader->png;
  bool wants_alpha = reader->channels == 4;
  bool wants_colour = reader->channels != 1;
  png_set_expand(png);
  png_set_scale_16(png);
  if (wants_alpha) {
    png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
  } else {
    png_set_strip_alpha(png);
  }
  if (wants_colour) {
    png_set_gray_to_rgb(png);
  }
}

static void check_sizes(lpng_reader *reader) {
  uint64_t pixel_count = (uint64_t)reader->header.width * reader->header.height;
  if (pixel_count > reader->pixel_limit) {
    reader->escape.status = LPNG_TOO_LARGE;
    png_error(reader->png, "more pixels than the limit");
  }
  if (pixel_count * (uint64_t)reader->channels != reader->capacity) {
    reader->escape.status = LPNG_BAD_ARGUMENT;
    png_error(reader->png, "the buffer has another size than the image");
  }
}

static void allocate_colour(lpng_reader *reader) {
  reader->colour = malloc(reader->capacity * 3);
  if (reader->colour == NULL) {
    reader->escape.status = LPNG_OUT_OF_MEMORY;
    png_error(reader->png, "no memory for the colour image");
  }
}

/// Interlaced images come in seven passes over the same rows, hence a target for the whole image.
static void read_rows(lpng_reader *reader, uint8_t *target, size_t row_bytes) {
  png_structp png = reader->png;
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  if (png_get_rowbytes(png, reader->info) != row_bytes) {
    png_error(png, "rows of an unexpected format");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t row = 0; row < reader->header.height; row++) {
      png_read_row(png, target + row * row_bytes, NULL);
    }
  }
  // Verifies what follows the pixels, up to IEND: a file cut there is cut all the same.
  png_read_end(png, NULL);
}

/// libpng's own conversion depends on gamma and rounds otherwise; this is Pillow's, exactly.
static void take_luma(const uint8_t *colour, uint8_t *gray, size_t pixel_count) {
  for (size_t pixel = 0; pixel < pixel_count; pixel++) {
    const uint8_t *rgb = colour + 3 * pixel;
    uint32_t luma = 19595u * rgb[0] + 38470u * rgb[1] + 7471u * rgb[2];
    gray[pixel] = (uint8_t)((luma + 0x8000u) >> 16);
  }
}

static void decode(lpng_reader *reader) {
  read_header(reader);
  check_sizes(reader);
  request_format(reader);
  size_t width = reader->header.width;
  if (needs_luma(reader)) {
    allocate_colour(reader);
    read_rows(reader, reader->colour, width * 3);
    take_luma(reader->colour, reader->pixels, reader->capacity);
  } else {
    read_rows(reader, reader->pixels, width * (size_t)reader->channels);
  }
}

lpng_status lpng_read_header(
  const uint8_t *bytes, size_t byte_count, lpng_header *header, lpng_failure *failure) {
  lpng_reader reader = {.next = bytes, .left = byte_count};
  lpng_escape_prepare(&reader.escape, failure);
  lpng_status status = open_reader(&reader);
  if (status == LPNG_OK) {
    status = run(&reader, read_header);
  }
  if (status == LPNG_OK) {
    *header = reader.header;
  }
  close_reader(&reader);
  return status;
}

lpng_status lpng_decode(
  const uint8_t *bytes, size_t byte_count, int channels, uint64_t pixel_limit, uint8_t *pixels,
  size_t capacity, lpng_failure *failure) {
  lpng_reader reader = {
    .next = bytes,
    .left = byte_count,
    .channels = channels,
    .pixel_limit = pixel_limit,
    .pixels = pixels,
    .capacity = capacity,
  };
  lpng_escape_prepare(&reader.escape, failure);
  if (channels != 1 && channels != 3 && channels != 4) {
    return lpng_fail(&reader.escape, LPNG_BAD_ARGUMENT, "channels must be 1, 3 or 4");
  }
  lpng_status status = open_reader(&reader);
  if (status == LPNG_OK) {
    status = run(&reader, decode);
  }
  close_reader(&reader);
  return status;
}
