#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace tensorpane {

/// Sorts indices; equal ones stay as they come. One function for all that is sorted once a layout or once a
/// box: each sort of its own would be 3 kB of WebAssembly more.
void StableOrder(std::vector<uint32_t>* indices, const std::function<bool(uint32_t, uint32_t)>& less);

}  // namespace tensorpane
