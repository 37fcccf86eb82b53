#include "log/point_columns.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tensorpane {
namespace {

constexpr int64_t kExactLimit = int64_t{1} << 53;
constexpr uint32_t kMinChunk = 8;

bool NeedsExact(int64_t step) { return step > kExactLimit || step < -kExactLimit; }
bool NeedsWide(double number) {
  return static_cast<double>(static_cast<float>(number)) != number && !std::isnan(number);
}

}  // namespace

uint32_t PointColumns::NextCapacity() const {
  // A quarter of what is there already: at most a fifth of the memory is unused.
  return std::clamp((size_ / 4 + 7) & ~7u, kMinChunk, kMaxChunk);
}

size_t PointColumns::GrowthOfNext() const {
  if (!chunks_.empty() && chunks_.back().size < chunks_.back().capacity) return 0;
  return ChunkBytes(NextCapacity(), is_wide_, has_exact_) + sizeof(Chunk);
}

const PointColumns::Chunk& PointColumns::At(uint32_t i) const {
  const auto after = std::upper_bound(chunks_.begin(), chunks_.end(), i,
                                      [](uint32_t x, const Chunk& chunk) { return x < chunk.first; });
  return *(after - 1);
}

PointColumns::Chunk& PointColumns::Room(int64_t step, double wall_time) {
  if (NeedsExact(step)) has_exact_ = true;
  if (chunks_.empty() || chunks_.back().size == chunks_.back().capacity) {
    const uint32_t capacity = NextCapacity();
    chunks_.push_back({size_, 0, capacity, is_wide_, has_exact_,
                       std::unique_ptr<uint8_t[]>(new uint8_t[ChunkBytes(capacity, is_wide_, has_exact_)])});
  } else if (has_exact_ != chunks_.back().has_exact || is_wide_ != chunks_.back().is_wide) {
    Rebuild(is_wide_, has_exact_);
  }
  Chunk& chunk = chunks_.back();
  chunk.steps()[chunk.size] = static_cast<double>(step);
  chunk.wall_times()[chunk.size] = wall_time;
  if (chunk.has_exact) chunk.exact_steps()[chunk.size] = step;
  return chunk;
}

void PointColumns::Append(int64_t step, double wall_time, double number) {
  if (NeedsWide(number)) is_wide_ = true;
  Chunk& chunk = Room(step, wall_time);
  if (chunk.is_wide) {
    reinterpret_cast<double*>(chunk.values())[chunk.size] = number;
  } else {
    reinterpret_cast<float*>(chunk.values())[chunk.size] = static_cast<float>(number);
  }
  ++chunk.size;
  ++size_;
}

void PointColumns::Append(int64_t step, double wall_time, const BlobRef& blob) {
  Chunk& chunk = Room(step, wall_time);
  reinterpret_cast<BlobRef*>(chunk.values())[chunk.size++] = blob;
  ++size_;
}

void PointColumns::Rebuild(bool wide, bool exact) {
  Chunk& old = chunks_.back();
  Chunk chunk{old.first,    old.size,
              old.capacity, wide,
              exact,        std::unique_ptr<uint8_t[]>(new uint8_t[ChunkBytes(old.capacity, wide, exact)])};
  std::memcpy(chunk.steps(), old.steps(), old.size * sizeof(double));
  std::memcpy(chunk.wall_times(), old.wall_times(), old.size * sizeof(double));
  if (exact) {
    for (uint32_t i = 0; i < old.size; ++i) {
      chunk.exact_steps()[i] = old.has_exact ? old.exact_steps()[i] : static_cast<int64_t>(old.steps()[i]);
    }
  }
  if (wide == old.is_wide) {
    std::memcpy(chunk.values(), old.values(), old.size * ValueBytes(wide));
  } else {
    for (uint32_t i = 0; i < old.size; ++i) reinterpret_cast<double*>(chunk.values())[i] = old.number(i);
  }
  old = std::move(chunk);
}

double PointColumns::step(uint32_t i) const {
  const Chunk& chunk = At(i);
  return chunk.steps()[i - chunk.first];
}

int64_t PointColumns::exact_step(uint32_t i) const {
  const Chunk& chunk = At(i);
  return chunk.exact_step(i - chunk.first);
}

double PointColumns::wall_time(uint32_t i) const {
  const Chunk& chunk = At(i);
  return chunk.wall_times()[i - chunk.first];
}

double PointColumns::number(uint32_t i) const {
  const Chunk& chunk = At(i);
  return chunk.number(i - chunk.first);
}

BlobRef PointColumns::blob(uint32_t i) const {
  const Chunk& chunk = At(i);
  return reinterpret_cast<const BlobRef*>(chunk.values())[i - chunk.first];
}

}  // namespace tensorpane
