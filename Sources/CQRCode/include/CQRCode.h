// libqrencode, for codes that pages draw.
#pragma once
#include <stdint.h>

// The side of the largest code, in modules.
enum { SOJOURN_QR_MOST_MODULES = 177 };

// Makes the smallest code of these bytes that can be read with a seventh of it lost, and writes its modules row by row,
// 1 for a dark one. Returns its side in modules; 0 where the bytes do not fit, or there is no memory.
int sojourn_qr_code(const uint8_t *bytes, int count, uint8_t *modules);
