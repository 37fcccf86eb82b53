#include "graph/all_names.h"

namespace tensorpane {

const std::vector<AllNames::Reached>& AllNames::reached() {
  if (!reached_.empty()) return reached_;
  places_.assign(forest_.graph().bodies.size(), UINT32_MAX);
  std::vector<size_t> depths{0};
  reached_.push_back({0, {}});
  places_[0] = 0;
  for (size_t i = 0; i < reached_.size(); ++i) {
    if (depths[i] == kMostCalls) continue;
    const Reached from = reached_[i];
    for (const GraphCall& call : forest_.body(from.body).calls) {
      if (places_[call.body] != UINT32_MAX) continue;
      places_[call.body] = static_cast<uint32_t>(reached_.size());
      std::string prefix = PathOf(from, forest_.tree(from.body).of(call.node)) + '/';
      if (forest_.calls(from.body, call.node).size() > 1)
        prefix += std::string(forest_.text(call.role)) + '/';
      reached_.push_back({call.body, std::move(prefix)});
      depths.push_back(depths[i] + 1);
    }
  }
  return reached_;
}

const std::string* AllNames::PrefixOf(uint32_t body) {
  reached();
  return places_[body] == UINT32_MAX ? nullptr : &reached_[places_[body]].prefix;
}

std::string AllNames::PathOf(const Reached& in, TreeIndex node) {
  std::string path = in.prefix;
  forest_.tree(in.body).AppendPath(node, &path);
  return path;
}

}  // namespace tensorpane
