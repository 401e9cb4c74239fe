// libqrencode, for codes that pages draw.
#pragma once
#include <stdint.h>

// The side of the largest code, in modules.
enum { SOJOURN_QR_MOST_MODULES = 177 };

// Makes the smallest code of these bytes, with a quarter of redundancy or less, and writes its modules row by row, 1 for a
// dark one. Returns its side in modules; 0 where it does not fit, or there is no memory.
int sojourn_qr_code(const uint8_t *bytes, int count, uint8_t *modules);
