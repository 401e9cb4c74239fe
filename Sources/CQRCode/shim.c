#include "CQRCode.h"
#include <qrencode.h>

int sojourn_qr_code(const uint8_t *bytes, int count, uint8_t *modules) {
  QRcode *code = QRcode_encodeData(count, bytes, 0, QR_ECLEVEL_M);
  if (!code) return 0;
  int width = code->width;
  if (width > SOJOURN_QR_MOST_MODULES) width = 0;
  // The lowest bit of each is its colour, the others say what it is for.
  for (int index = 0; index < width * width; index++) modules[index] = code->data[index] & 1;
  QRcode_free(code);
  return width;
}
