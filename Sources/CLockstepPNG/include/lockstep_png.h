// PNG in memory, both ways, over libpng.
//
// libpng reports errors by `longjmp`, which must not cross Swift frames. Here the `setjmp` is held, and
// everything libpng allocated is freed, in C; Swift sees plain functions that return a status.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  LPNG_OK = 0,
  /// The first bytes are not a PNG signature.
  LPNG_NOT_PNG,
  /// The bytes end before the PNG does.
  LPNG_TRUNCATED,
  /// A check sum, the structure or the compressed data is wrong; the message is libpng's.
  LPNG_CORRUPT,
  /// width × height is over the caller's limit; nothing was allocated for it.
  LPNG_TOO_LARGE,
  LPNG_OUT_OF_MEMORY,
  /// The caller's mistake: a channel count other than 1, 3, 4, or a buffer of another size.
  LPNG_BAD_ARGUMENT,
} lpng_status;

/// What the chunks before the first pixel say.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// As in the file: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha.
  uint8_t color_type;
  /// As in the file: 1, 2, 4, 8 or 16.
  uint8_t bit_depth;
  bool is_interlaced;
  /// An alpha channel, or a tRNS chunk.
  bool has_transparency;
  /// Colour type 0 or 4, or a palette of grays only. RGB pixels are not looked at.
  bool is_gray;
} lpng_header;

enum { LPNG_MESSAGE_CAPACITY = 128 };

/// What went wrong, in words; empty after `LPNG_OK`.
typedef struct {
  char message[LPNG_MESSAGE_CAPACITY];
} lpng_failure;

/// Reads the chunks before the first IDAT. Decodes and allocates no pixels, so it has no size limit.
lpng_status lpng_read_header(
  const uint8_t *bytes, size_t byte_count, lpng_header *header, lpng_failure *failure);

/// Decodes to 8-bit samples, row by row, `channels` interleaved: 1 gray, 3 RGB, 4 RGBA.
///
/// - 16-bit samples v become round(v / 257); 1, 2 and 4-bit samples are spread over 0…255.
/// - Colour to gray is ITU-R 601 luma as in Pillow: (19595 R + 38470 G + 7471 B + 32768) >> 16.
/// - Alpha (or tRNS) is kept for 4 channels and *dropped*, not composited, for 1 and 3, as Pillow's
///   convert("RGB") does. Opaque images get alpha 255.
/// - Gamma, colour profiles and text are not read. Every chunk's check sum is verified.
///
/// `capacity` must be width × height × channels; `pixel_limit` bounds width × height. The contents of
/// `pixels` mean nothing unless the result is `LPNG_OK`.
lpng_status lpng_decode(
  const uint8_t *bytes, size_t byte_count, int channels, uint64_t pixel_limit, uint8_t *pixels,
  size_t capacity, lpng_failure *failure);

/// Encodes 8-bit samples, 1, 3 or 4 channels, to a PNG in memory. The caller frees `*encoded` with
/// `lpng_free`; it is NULL after a failure.
lpng_status lpng_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t **encoded,
  size_t *encoded_count, lpng_failure *failure);

void lpng_free(uint8_t *encoded);

#ifdef __cplusplus
}
#endif
