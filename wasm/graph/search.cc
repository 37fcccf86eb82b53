#include "graph/search.h"

#include <vector>

#include "base/json_writer.h"
#include "graph/node_query.h"
#include "graph/outline.h"

namespace tensorpane {
namespace {

constexpr size_t kMostHits = 1000;
/// Bytes of their paths: of very deep ones there are fewer.
constexpr size_t kMostHitBytes = size_t{4} << 20;
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
  size_t total = 0, looked_at = 0, hits = 0, bytes = 0;
  std::vector<bool> is_hit;
  std::vector<TreeIndex> open;
  const bool can_be_asked = !query.is_empty() && query.problem().empty();
  for (const AllNames::Reached& in : names.reached()) {
    if (!can_be_asked) break;
    const GraphBody& body = forest.body(in.body);
    const Tree& tree = forest.tree(in.body);
    is_hit.assign(tree.size(), false);
    query.Enter(body, tree, in.prefix);
    for (NodeIndex op = 0; op < body.size(); ++op) {
      if (++looked_at % kBetweenStops == 0 && stop()) return false;
      query.MarkNamed(op, &is_hit);
    }
    open.assign({kTreeRoot});
    while (!open.empty()) {
      const TreeIndex node = open.back();
      open.pop_back();
      for (uint32_t i = tree.child_count(node); i-- > 0;) open.push_back(tree.first_child(node) + i);
      if (!is_hit[node]) continue;
      ++total;
      if (hits == kMostHits || bytes > kMostHitBytes) continue;
      const std::string path = names.PathOf(in, node);
      bytes += path.size();
      ++hits;
      const NodeIndex op = tree.op(node);
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
