#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pattern.h"
#include "graph/forest.h"

namespace tensorpane {

/// What somebody looks for: words, of which each must hold, whatever the case. "attn" and "/attn$/" look in
/// the path, "op:MatMul", "device:gpu" and "shape:64x197" at ops alone, "in:encoder" into what a path holds.
/// Behind a colon there may be a pattern too.
class NodeQuery {
 public:
  NodeQuery(const Graph& graph, std::string_view text);

  /// Why it cannot be asked; empty: it can.
  const std::string& problem() const { return problem_; }
  bool is_empty() const { return is_empty_; }
  /// Only ops can be found.
  bool is_of_ops() const { return !ops_.empty() || !devices_.empty() || !shapes_.empty(); }

  /// Whether an op has what is looked for, but for its path.
  bool MatchesOp(const GraphBody& body, NodeIndex op) const;
  /// Whether a path has it. @param own where the last segment of it begins: something must be in that, so
  /// that a group is found and not all that is in it; 0: anywhere
  bool MatchesPath(std::string_view path, size_t own);

 private:
  struct Word {
    std::string text;  // ASCII letters small
    std::optional<Pattern> pattern;
  };

  std::optional<Word> Read(std::string_view text);
  bool Holds(Word& word, std::string_view text);
  std::vector<bool> TextsWith(Word& word);

  const Graph& graph_;
  std::string problem_;
  bool is_empty_ = true;
  std::vector<Word> words_;
  std::vector<std::string> folders_;
  std::vector<std::vector<bool>> ops_, devices_;  // which texts will do, for each word
  std::vector<std::vector<bool>> shapes_;         // which shapes
  std::string small_;
};

}  // namespace tensorpane
