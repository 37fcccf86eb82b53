#include "events/wire.h"

#include <algorithm>

namespace tensorpane {

const uint8_t* WindowedRecord::Get(uint64_t offset, uint64_t length) {
  // Windows may overlap: the last one that begins in time reaches as far as any that was fetched for this
  // place.
  auto after = std::upper_bound(windows_.begin(), windows_.end(), offset,
                                [](uint64_t at, const Window& window) { return at < window.offset; });
  if (after != windows_.begin()) {
    const Window& window = *--after;
    if (offset + length <= window.offset + window.bytes.size()) {
      return window.bytes.data() + (offset - window.offset);
    }
  }
  missing_ = {offset, std::min(std::max(length, kWindow), size_ - offset)};
  return nullptr;
}

void WindowedRecord::Add(uint64_t offset, Bytes bytes) {
  const auto at = std::upper_bound(windows_.begin(), windows_.end(), offset,
                                   [](uint64_t o, const Window& window) { return o < window.offset; });
  windows_.insert(at, {offset, {bytes.begin(), bytes.end()}});
}

}  // namespace tensorpane
