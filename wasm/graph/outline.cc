#include "graph/outline.h"

#include <algorithm>

#include "base/json_writer.h"
#include "graph/box_text.h"
#include "graph/colouring.h"

namespace tensorpane {
namespace {

/// One child, or a stack of some.
struct Row {
  TreeIndex node;
  const StackRun* stack = nullptr;
  uint32_t role = Place::kNone;
};

struct Rows {
  std::string folder;  // path of what they are in
  uint32_t body = 0;
  size_t calls = 0;  // that lead to them
  std::vector<Row> rows;
};

Rows RowsOf(Forest& forest, std::string_view path) {
  Rows rows;
  const std::optional<Place> place = FindPlace(forest, path);
  if (!place) return rows;
  rows.folder = path;
  rows.calls = place->calls.size();
  rows.body = place->body;
  if (place->stack) {
    rows.folder.resize(path.size() - std::min(path.size(), place->stack->Name().size() + 1));
    for (const TreeIndex member : place->stack->members) rows.rows.push_back({member});
    return rows;
  }
  const Contents contents = ContentsOf(forest, place->body, place->node, place->role);
  rows.body = contents.body;
  if (contents.kind == Contents::Kind::kRoles) {
    for (const GraphCall& call : forest.calls_at(rows.body, place->node)) {
      const auto role = static_cast<uint32_t>(&call - forest.body(rows.body).calls.data());
      rows.rows.push_back({place->node, nullptr, role});
    }
  } else if (contents.kind == Contents::Kind::kGroup) {
    if (!forest.tree(place->body).is_group(place->node)) ++rows.calls;
    ForEachSibling(
        forest, rows.body, contents.group, [&](TreeIndex child) { rows.rows.push_back({child}); },
        [&](const StackRun& run) {
          rows.rows.push_back({run.members.front(), &run});
        });
  }
  return rows;
}

LevelItem ItemOf(Forest& forest, uint32_t body, const Row& row) {
  LevelItem item;
  item.node = row.node;
  item.role = row.role;
  if (row.stack != nullptr) {
    item.stack = *row.stack;
    item.kind = BoxKind::kStack;
  } else if (forest.tree(body).is_group(row.node) || !forest.calls_at(body, row.node).empty()) {
    item.kind = BoxKind::kGroup;
  }
  return item;
}

}  // namespace

std::string_view Name(BoxKind kind) {
  constexpr std::string_view kNames[] = {"op", "group", "stack", "stub"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view Name(Difference difference) {
  constexpr std::string_view kNames[] = {"same", "changed", "added", "removed"};
  return kNames[static_cast<size_t>(difference)];
}

std::string OutlineJson(Forest& forest, std::string_view path, size_t from, size_t count) {
  const Rows rows = RowsOf(forest, path);
  Colouring colouring(forest, ColourBy::kStructure);
  JsonWriter json;
  json.BeginObject();
  json.Key("total");
  json.Unsigned(rows.rows.size());
  json.Key("folder");
  json.Text(rows.folder);
  json.Key("rows");
  json.BeginArray();
  for (size_t i = from; i < rows.rows.size() && i - from < count; ++i) {
    const LevelItem item = ItemOf(forest, rows.body, rows.rows[i]);
    const bool is_call = !item.stack && !forest.calls_at(rows.body, item.node).empty();
    const BoxText text = TextOf(forest, rows.body, item);
    json.BeginObject();
    json.Key("name");
    json.Text(item.stack ? item.stack->Name() : text.label);
    json.Key("label");
    json.Text(text.label);
    json.Key("kind");
    json.Text(Name(item.kind));
    json.Key("ops");
    json.Double(OpsOf(forest, rows.body, item));
    json.Key("expandable");
    json.Bool(item.kind != BoxKind::kOp && (item.stack || !is_call || rows.calls < kMostCalls));
    json.Key("colour");
    json.Double(colouring.Of(rows.body, item).index);
    json.Key("aside");
    const NodeIndex op = forest.tree(rows.body).op(item.node);
    json.Bool(item.kind == BoxKind::kOp && forest.annotation(rows.body, op) != Annotation::kNone);
    json.Key("difference");
    json.Text(Name(DifferenceOf(forest, rows.body, item)));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace tensorpane
