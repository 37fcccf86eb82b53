#include "events/wire.h"

#include <algorithm>

namespace tensorpane {

const uint8_t* WindowedRecord::Get(uint64_t offset, uint64_t length) {
  for (const Window& window : windows_) {
    if (offset >= window.offset && offset + length <= window.offset + window.bytes.size()) {
      return window.bytes.data() + (offset - window.offset);
    }
  }
  missing_ = {offset, std::min(std::max(length, kWindow), size_ - offset)};
  return nullptr;
}

void WindowedRecord::Add(uint64_t offset, Bytes bytes) {
  windows_.push_back({offset, {bytes.begin(), bytes.end()}});
}

}  // namespace tensorpane
