#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/pattern.h"
#include "graph/forest.h"

namespace tensorpane {

/// What somebody looks for: words, of which each must hold, whatever the case. "attn" and "/attn$/" look in
/// the path, "op:MatMul", "device:gpu", "shape:64x197" and, in a comparison, "difference:added" (or removed,
/// changed, any) at ops alone, "in:encoder" into what a path holds. Behind a colon there may be a pattern
/// too.
///
/// Paths are not looked through one by one, which would take the square of how deep they are: a path is the
/// beginning of the name of an op, so each name is read once for all nodes that it names.
class NodeQuery {
 public:
  NodeQuery(const Graph& graph, std::string_view text);

  /// Why it cannot be asked; empty: it can.
  const std::string& problem() const { return problem_; }
  bool is_empty() const { return is_empty_; }

  /// Goes on to a body, of which all paths begin with `prefix`.
  void Enter(const GraphBody& body, const Tree& tree, std::string_view prefix);
  /// Whether an op of that body has what is looked for.
  bool Matches(NodeIndex op);
  /// Of the nodes that an op names (Tree::named_by), `marks` those that have it: something must be in the
  /// last segment of the path, so that a group is found and not all that is in it. Of what only ops have, the
  /// op.
  void MarkNamed(NodeIndex op, std::vector<bool>* marks);

 private:
  struct Word {
    std::string text;  // ASCII letters small
    std::optional<Pattern> pattern;
    // Of the prefix: where the text has first ended in it; whether the pattern matches the path around.
    size_t first_end = std::string::npos;
    bool is_around = false;
  };

  bool is_of_ops() const { return !ops_.empty() || !devices_.empty() || !shapes_.empty() || differences_; }
  std::optional<Word> Read(std::string_view text);
  void ReadDifference(std::string_view text);
  bool Holds(Word& word, std::string_view text);
  std::vector<bool> TextsWith(Word& word);
  bool MatchesOp(NodeIndex op) const;
  void ReadPath(NodeIndex op, std::span<const TreeIndex> nodes, bool anywhere);
  void LookFor(Word& word, bool anywhere);

  const Graph& graph_;
  std::string problem_;
  bool is_empty_ = true;
  std::vector<Word> words_;
  std::vector<std::string> folders_;
  std::vector<std::vector<bool>> ops_, devices_;  // which texts will do, for each word
  std::vector<std::vector<bool>> shapes_;         // which shapes
  std::optional<unsigned> differences_;           // bits of those that will do
  std::string small_;

  const GraphBody* body_ = nullptr;
  const Tree* tree_ = nullptr;
  size_t prefix_ = 0;
  // The path of an op, also with small letters, and where in it nodes begin with their last segment and end.
  std::string path_, small_path_;
  struct Segment {
    size_t begin, end;
  };
  std::vector<Segment> segments_;
  std::vector<size_t> ends_;               // of segments_, behind that of what is around the first
  std::vector<bool> matches_, has_, own_;  // of ends_; of segments_: all words are in it, one is in its last
  std::vector<TreeIndex> nodes_;
};

}  // namespace tensorpane
