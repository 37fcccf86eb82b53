#include "graph/search.h"

#include <vector>

#include "base/json_writer.h"
#include "graph/node_query.h"
#include "graph/outline.h"

namespace tensorpane {
namespace {

constexpr size_t kMostHits = 1000;
constexpr size_t kBetweenStops = 4096;

}  // namespace

bool SearchJson(AllNames& names, std::string_view text, const std::function<bool()>& stop,
                std::string* answer) {
  Forest& forest = names.forest();
  NodeQuery query(forest.graph(), text);
  JsonWriter json;
  json.BeginObject();
  json.Key("hits");
  json.BeginArray();
  size_t total = 0, looked_at = 0;
  std::string path;
  std::vector<TreeIndex> open;
  const bool can_be_asked = !query.is_empty() && query.problem().empty();
  for (const AllNames::Reached& in : names.reached()) {
    if (!can_be_asked) break;
    const GraphBody& body = forest.body(in.body);
    const Tree& tree = forest.tree(in.body);
    open.assign({kTreeRoot});
    while (!open.empty()) {
      const TreeIndex node = open.back();
      open.pop_back();
      for (uint32_t i = tree.child_count(node); i-- > 0;) open.push_back(tree.first_child(node) + i);
      if (node == kTreeRoot) continue;
      if (++looked_at % kBetweenStops == 0 && stop()) return false;
      const NodeIndex op = tree.op(node);
      if (query.is_of_ops() && (op == kNoNode || !query.MatchesOp(body, op))) continue;
      path = in.prefix;
      tree.AppendPath(node, &path);
      if (!query.MatchesPath(path, query.is_of_ops() ? 0 : in.prefix.size() + tree.label_begin(node)))
        continue;
      if (++total > kMostHits) continue;
      const bool is_group = op == kNoNode || !forest.calls(in.body, op).empty();
      json.BeginObject();
      json.Key("path");
      json.Text(path);
      json.Key("kind");
      json.Text(Name(is_group ? BoxKind::kGroup : BoxKind::kOp));
      json.EndObject();
    }
  }
  json.EndArray();
  json.Key("total");
  json.Unsigned(total);
  json.Key("problem");
  json.Text(query.problem());
  json.EndObject();
  *answer = json.Take();
  return true;
}

}  // namespace tensorpane
