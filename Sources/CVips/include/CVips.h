// libvips, found when it is needed and in the process that needs it: the server itself never loads it.
#pragma once
#include <stdint.h>

// What came of a picture.
enum {
  SOJOURN_PICTURE_DONE = 0,
  // libvips is not there, or one that lacks what is used of it.
  SOJOURN_PICTURE_NO_LIBRARY = 3,
  // No picture of a kind that is read, or a broken one.
  SOJOURN_PICTURE_UNREADABLE = 4,
  SOJOURN_PICTURE_TOO_LARGE = 5,
  // The output cannot be written.
  SOJOURN_PICTURE_UNWRITABLE = 6,
};

// Confines this process before it looks at bytes of a stranger: memory and processor time, no new
// privileges, and no network where the kernel lets an ordinary process give it up.
void sojourn_picture_confine(uint64_t memory_bytes, uint64_t processor_seconds);

// Reads a picture from one descriptor and writes it to another, turned upright, without metadata, and
// small enough for a square of `side` pixels; it is never made larger. A picture without transparency
// becomes JPEG, one with it PNG. One with more than `most_pixels` pixels is refused by its head alone.
int sojourn_picture_fit(int input, int output, int side, uint64_t most_pixels);
