#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

/// How bulk data crosses to JavaScript, the same for every module: by pointer and length. Input lies in one
/// buffer; an answer is numbers, text or bytes. Its other end is web/src/engine/wasm_memory.ts.
class Exchange {
 public:
  uintptr_t reserveInput(uint32_t bytes) {
    if (input_.size() < (bytes + 7) / 8) input_.resize((bytes + 7) / 8);
    return reinterpret_cast<uintptr_t>(input_.data());
  }
  uintptr_t numbersPointer() const { return reinterpret_cast<uintptr_t>(numbers_.data()); }
  uint32_t numbersSize() const { return static_cast<uint32_t>(numbers_.size() * sizeof(double)); }
  uintptr_t textPointer() const { return reinterpret_cast<uintptr_t>(text_.data()); }
  uint32_t textSize() const { return static_cast<uint32_t>(text_.size()); }
  uintptr_t dataPointer() const { return reinterpret_cast<uintptr_t>(data_.data()); }
  uint32_t dataSize() const { return static_cast<uint32_t>(data_.size()); }

  void releaseBuffers() {
    data_ = {};
    owned_ = {};
    input_ = {};
    numbers_ = {};
    text_ = {};
  }

 protected:
  Bytes Input(uint32_t length) const { return {reinterpret_cast<const uint8_t*>(input_.data()), length}; }

  std::vector<double> input_;  // doubles, so that numbers in it are aligned
  std::vector<double> numbers_;
  std::string text_;
  Bytes data_;         // the last answer that is neither numbers nor text
  std::string owned_;  // what it is a view of, where nothing else keeps that
};

}  // namespace tensorpane
