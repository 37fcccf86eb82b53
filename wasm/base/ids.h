#pragma once

#include <cstddef>
#include <cstdint>

namespace tensorpane {

// Positions in the tables of a Log, as types that do not mix.
enum class RunId : uint32_t {};
enum class TagId : uint32_t {};
enum class FileId : uint32_t {};
enum class SeriesId : uint32_t {};

template <class Id>
constexpr size_t Index(Id id) {
  return static_cast<size_t>(id);
}

}  // namespace tensorpane
