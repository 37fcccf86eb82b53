#include "graph/graph.h"

#include <algorithm>
#include <cstring>

#include "base/utf8.h"

namespace tensorpane {

TextId TextTable::Add(std::string_view text) {
  const auto known = ids_.find(text);
  if (known != ids_.end()) return known->second;
  const bool ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<uint8_t>(c) < 0x80; });
  if (!ascii) {
    const std::string valid = ToValidUtf8(AsBytes(text));
    if (valid != text) return Add(valid);
  }
  const auto id = static_cast<TextId>(texts_.size());
  texts_.push_back(Keep(text));
  ids_.emplace(texts_.back(), id);
  return id;
}

TextId TextTable::Find(std::string_view text) const {
  const auto known = ids_.find(text);
  return known == ids_.end() ? kNoText : known->second;
}

std::string_view TextTable::Keep(std::string_view text) {
  constexpr size_t kBlock = 64 << 10;
  if (text.empty()) return {};
  if (text.size() > left_) {
    // A long text has a block of its own, and what is left of the last one is used on.
    const bool own = text.size() > kBlock / 4;
    const size_t size = own ? text.size() : kBlock;
    blocks_.push_back(std::make_unique<char[]>(size));
    char* const block = blocks_.back().get();
    if (own) {
      std::memcpy(block, text.data(), text.size());
      return {block, text.size()};
    }
    next_ = block;
    left_ = size;
  }
  char* const at = next_;
  std::memcpy(at, text.data(), text.size());
  next_ += text.size();
  left_ -= text.size();
  return {at, text.size()};
}

std::string_view NameOf(GraphFault::Kind kind) {
  switch (kind) {
    case GraphFault::Kind::kMalformed:
      return "malformed";
    case GraphFault::Kind::kDangling:
      return "dangling";
    case GraphFault::Kind::kDuplicate:
      return "duplicate";
    case GraphFault::Kind::kNoSuchFunction:
      return "noSuchFunction";
    case GraphFault::Kind::kEmpty:
      return "empty";
    case GraphFault::Kind::kTooMany:
      return "tooMany";
    case GraphFault::Kind::kNotInGraph:
      return "notInGraph";
    case GraphFault::Kind::kEmptyProfile:
      return "emptyProfile";
  }
  return "malformed";
}

}  // namespace tensorpane
