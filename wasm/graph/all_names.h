#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/forest.h"

namespace tensorpane {

/// Paths of all that there is in a graph, as far as kMostCalls (forest.h) lets them go. What is called at
/// several places has the path of the first one; what nothing calls has none.
class AllNames {
 public:
  struct Reached {
    uint32_t body;
    std::string prefix;  ///< of all paths in it: "outer/call/"
  };

  explicit AllNames(Forest& forest) : forest_(forest) {}

  Forest& forest() { return forest_; }
  /// Bodies, the top level first.
  const std::vector<Reached>& reached();
  /// nullptr: nothing calls it.
  const std::string* PrefixOf(uint32_t body);
  std::string PathOf(const Reached& in, TreeIndex node);

 private:
  Forest& forest_;
  std::vector<Reached> reached_;
  std::vector<uint32_t> places_;  // of bodies in reached_
};

}  // namespace tensorpane
