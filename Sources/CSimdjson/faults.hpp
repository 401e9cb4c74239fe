// Where a text is wrong that simdjson refused as a whole. Slow and only for those.

#pragma once

#include <cstdint>

#include "CSimdjson.h"

namespace {

/// The length of the well-formed UTF-8 sequence here (Unicode, table 3-7), or 0.
inline size_t sequence_length(const uint8_t *position, const uint8_t *end) noexcept {
  auto lead = position[0];
  if (lead < 0x80) return 1;
  auto left = size_t(end - position);
  auto follows = [&](size_t i, uint8_t low = 0x80, uint8_t high = 0xBF) {
    return i < left && position[i] >= low && position[i] <= high;
  };
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    auto low = uint8_t(lead == 0xE0 ? 0xA0 : 0x80), high = uint8_t(lead == 0xED ? 0x9F : 0xBF);
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    auto low = uint8_t(lead == 0xF0 ? 0x90 : 0x80), high = uint8_t(lead == 0xF4 ? 0x8F : 0xBF);
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// The first byte that is no UTF-8, a control character in a string, or the quote that is never
/// closed: these are what simdjson's first pass refuses.
inline csimdjson_fault first_fault(const uint8_t *bytes, size_t length, size_t *offset) noexcept {
  auto end = bytes + length;
  const uint8_t *quote = nullptr;
  for (auto position = bytes; position < end;) {
    auto step = sequence_length(position, end);
    *offset = size_t(position - bytes);
    if (step == 0) return CSIMDJSON_INVALID_UTF8;
    if (quote != nullptr) {
      if (*position < 0x20) return CSIMDJSON_CONTROL_CHARACTER;
      // What is escaped may itself be a control character, or no UTF-8.
      if (*position == '\\' && position + 1 < end && position[1] >= 0x20 && position[1] < 0x80) step = 2;
      if (*position == '"') quote = nullptr;
    } else if (*position == '"') {
      quote = position;
    }
    position += step;
  }
  *offset = quote != nullptr ? size_t(quote - bytes) : 0;
  return quote != nullptr ? CSIMDJSON_UNCLOSED_STRING : CSIMDJSON_EXPECTED_VALUE;
}

}  // namespace
