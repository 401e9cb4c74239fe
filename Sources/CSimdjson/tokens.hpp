// Single tokens: where a string or number ends, and what an escaped string says.
//
// simdjson has promised before: the text is valid UTF-8, every string is closed and holds no control
// characters. So a string needs no look at its end; a number does.

#pragma once

#include <cstdint>
#include <cstring>

#include "CSimdjson.h"

namespace {

/// Whether a token may end before this byte. A quote is not among these: simdjson takes one that
/// follows a number or a word for a part of it, and the string would never be seen as a token.
inline bool ends_token(const uint8_t *position, const uint8_t *end) noexcept {
  if (position >= end) return true;
  switch (*position) {
    case ' ': case '\t': case '\n': case '\r': case ',': case ':': case ']': case '}': case '[':
    case '{': return true;
    default: return false;
  }
}

/// The first quote or backslash from here on, eight bytes at a time. The padding allows reading on.
inline const uint8_t *end_of_run(const uint8_t *position) noexcept {
  constexpr uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  for (;;) {
    uint64_t word;
    std::memcpy(&word, position, 8);
    uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\';
    // A byte's high bit is set where it was zero; bits above the first hit may be wrong, so only the
    // first one counts.
    uint64_t hits = (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & highs;
    if (hits == 0) {
      position += 8;
      continue;
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return position + (__builtin_ctzll(hits) >> 3);
#else
    while (*position != '"' && *position != '\\') ++position;
    return position;
#endif
  }
}

inline const uint8_t *skip_digits(const uint8_t *position, const uint8_t *end) noexcept {
  while (position < end && *position >= '0' && *position <= '9') ++position;
  return position;
}

/// The end of the number that begins here, of any size and length; nullptr where the grammar of
/// RFC 8259 section 6 is broken.
inline const uint8_t *end_of_number(const uint8_t *position, const uint8_t *end) noexcept {
  if (position < end && *position == '-') ++position;
  auto whole = position;
  position = skip_digits(position, end);
  if (position == whole || (*whole == '0' && position - whole > 1)) return nullptr;
  if (position < end && *position == '.') {
    auto fraction = ++position;
    position = skip_digits(position, end);
    if (position == fraction) return nullptr;
  }
  if (position < end && (*position | 0x20) == 'e') {
    ++position;
    if (position < end && (*position == '+' || *position == '-')) ++position;
    auto exponent = position;
    position = skip_digits(position, end);
    if (position == exponent) return nullptr;
  }
  return position;
}

/// Four hex digits, or −1. There is always a quote ahead, so nothing is read behind the text.
inline int32_t code_unit(const uint8_t *digits) noexcept {
  int32_t unit = 0;
  for (int i = 0; i < 4; ++i) {
    uint8_t byte = digits[i];
    int32_t digit;
    if (byte >= '0' && byte <= '9') digit = byte - '0';
    else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f') digit = (byte | 0x20) - 'a' + 10;
    else return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

inline uint8_t *put_scalar(uint32_t scalar, uint8_t *into) noexcept {
  if (scalar < 0x80) {
    *into++ = uint8_t(scalar);
  } else if (scalar < 0x800) {
    *into++ = uint8_t(0xC0 | scalar >> 6);
    *into++ = uint8_t(0x80 | (scalar & 0x3F));
  } else if (scalar < 0x10000) {
    *into++ = uint8_t(0xE0 | scalar >> 12);
    *into++ = uint8_t(0x80 | (scalar >> 6 & 0x3F));
    *into++ = uint8_t(0x80 | (scalar & 0x3F));
  } else {
    *into++ = uint8_t(0xF0 | scalar >> 18);
    *into++ = uint8_t(0x80 | (scalar >> 12 & 0x3F));
    *into++ = uint8_t(0x80 | (scalar >> 6 & 0x3F));
    *into++ = uint8_t(0x80 | (scalar & 0x3F));
  }
  return into;
}

inline uint8_t simple_escape(uint8_t letter) noexcept {
  switch (letter) {
    case '"': case '\\': case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

struct Unescaped {
  csimdjson_fault fault;
  /// Behind the closing quote, or the backslash of the escape that is wrong.
  const uint8_t *stop;
  size_t written;
  /// Whether halves of surrogate pairs were written as if they were scalars.
  bool lone;
};

/// Writes the string that begins behind a quote without its escapes: never more bytes than it had.
inline Unescaped unescape(const uint8_t *position, uint8_t *into) noexcept {
  auto begin = into;
  bool lone = false;
  for (;;) {
    auto run = end_of_run(position);
    std::memcpy(into, position, size_t(run - position));
    into += run - position;
    if (*run == '"') return {CSIMDJSON_GOOD, run + 1, size_t(into - begin), lone};
    position = run + 2;
    if (run[1] != 'u') {
      auto byte = simple_escape(run[1]);
      if (byte == 0) return {CSIMDJSON_BAD_ESCAPE, run, 0, false};
      *into++ = byte;
      continue;
    }
    auto unit = code_unit(position);
    if (unit < 0) return {CSIMDJSON_BAD_ESCAPE, run, 0, false};
    position += 4;
    auto scalar = uint32_t(unit);
    if (unit >= 0xD800 && unit <= 0xDFFF) {
      auto low = unit < 0xDC00 && position[0] == '\\' && position[1] == 'u' ? code_unit(position + 2) : -1;
      if (low >= 0xDC00 && low <= 0xDFFF) {
        position += 6;
        scalar = 0x10000 + (uint32_t(unit - 0xD800) << 10) + uint32_t(low - 0xDC00);
      } else {
        // What follows is read for itself: were it a bad escape, that is the fault.
        lone = true;
      }
    }
    into = put_scalar(scalar, into);
  }
}

}  // namespace
