// The tape while it is written.

#pragma once

#include <algorithm>
#include <cstdlib>

#include "CSimdjson.h"

namespace {

struct Tape {
  csimdjson_node *nodes = nullptr;
  size_t count = 0;
  uint8_t *strings = nullptr;
  size_t string_bytes = 0;
  bool has_lone_surrogates = false;

  explicit Tape(uint32_t maximum_nodes) : maximum_nodes(maximum_nodes) {}
  Tape(const Tape &) = delete;
  Tape &operator=(const Tape &) = delete;
  ~Tape() {
    std::free(nodes);
    std::free(strings);
  }

  csimdjson_fault append(csimdjson_node node) noexcept {
    if (count == capacity) {
      if (auto fault = grow()) return fault;
    }
    nodes[count++] = node;
    return CSIMDJSON_GOOD;
  }

  /// Room for all strings to come: a text is never longer than its source, and `remaining` is what is
  /// left of that. Memory that is never written costs nothing, and `hand_over` gives it back.
  bool reserve_strings(size_t remaining) noexcept {
    if (strings == nullptr) strings = static_cast<uint8_t *>(std::malloc(remaining));
    return strings != nullptr;
  }

  void hand_over(csimdjson_tape *out) noexcept {
    if (strings != nullptr) {
      if (auto shorter = std::realloc(strings, std::max<size_t>(string_bytes, 1))) {
        strings = static_cast<uint8_t *>(shorter);
      }
    }
    *out = {nodes, count, strings, string_bytes, has_lone_surrogates};
    nodes = nullptr;
    strings = nullptr;
  }

 private:
  const size_t maximum_nodes;
  size_t capacity = 0;

  csimdjson_fault grow() noexcept {
    if (count >= maximum_nodes) return CSIMDJSON_TOO_MANY_VALUES;
    auto wanted = std::min(std::max<size_t>(capacity * 2, 64), maximum_nodes);
    auto bigger = std::realloc(nodes, wanted * sizeof(csimdjson_node));
    if (bigger == nullptr) return CSIMDJSON_NO_MEMORY;
    nodes = static_cast<csimdjson_node *>(bigger);
    capacity = wanted;
    return CSIMDJSON_GOOD;
  }
};

}  // namespace
