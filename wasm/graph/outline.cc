#include "graph/outline.h"

#include <algorithm>

#include "base/json_writer.h"
#include "graph/box_text.h"
#include "graph/colouring.h"

namespace tensorpane {
namespace {

struct Rows {
  std::string folder;  // path of what they are in
  uint32_t body = 0;
  size_t calls = 0;
  std::vector<LevelItem> items;
};

Rows RowsOf(Forest& forest, std::string_view path) {
  Rows rows;
  const std::optional<Place> place = FindPlace(forest, path);
  if (!place) return rows;
  Contents contents = place->stack
                          ? Contents{Contents::Kind::kStack, place->body, place->node, place->stack->members}
                          : ContentsOf(forest, place->body, place->node, place->role);
  rows.body = contents.body;
  rows.folder = path;
  const bool enters =
      contents.kind == Contents::Kind::kGroup && !forest.tree(place->body).is_group(place->node);
  rows.calls = place->calls.size() + enters;
  const Tree& tree = forest.tree(rows.body);
  const auto add = [&rows](TreeIndex node) { rows.items.emplace_back().node = node; };
  switch (contents.kind) {
    case Contents::Kind::kNothing:
      break;
    case Contents::Kind::kStack: {
      const size_t slash = path.size() - place->stack->Name().size();
      rows.folder = path.substr(0, slash == 0 ? 0 : slash - 1);
      for (const TreeIndex member : contents.members) add(member);
      break;
    }
    case Contents::Kind::kRoles:
      for (const GraphCall& call : forest.calls_at(rows.body, place->node)) {
        add(place->node);
        rows.items.back().role = static_cast<uint32_t>(&call - forest.body(rows.body).calls.data());
      }
      break;
    case Contents::Kind::kGroup: {
      const TreeIndex first = tree.first_child(contents.group);
      std::vector<bool> in_run(tree.child_count(contents.group), false);
      for (const StackRun& run : forest.runs(rows.body, contents.group)) {
        add(run.members.front());
        rows.items.back().stack = run;
        for (const TreeIndex member : run.members) in_run[member - first] = true;
      }
      for (uint32_t i = 0; i < in_run.size(); ++i) {
        if (!in_run[i]) add(first + i);
      }
      std::stable_sort(rows.items.begin(), rows.items.end(),
                       [](const LevelItem& a, const LevelItem& b) { return a.node < b.node; });
      break;
    }
  }
  return rows;
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
  Rows rows = RowsOf(forest, path);
  Colouring colouring(forest, ColourBy::kStructure);
  JsonWriter json;
  json.BeginObject();
  json.Key("total");
  json.Unsigned(rows.items.size());
  json.Key("rows");
  json.BeginArray();
  for (size_t i = from; i < rows.items.size() && i - from < count; ++i) {
    LevelItem& item = rows.items[i];
    const Tree& tree = forest.tree(rows.body);
    const bool is_call = !tree.is_group(item.node) && !forest.calls_at(rows.body, item.node).empty();
    if (item.stack) {
      item.kind = BoxKind::kStack;
    } else if (is_call || tree.is_group(item.node)) {
      item.kind = BoxKind::kGroup;
    }
    const BoxText text = TextOf(forest, rows.body, item);
    const std::string name = item.stack ? item.stack->Name() : text.label;
    json.BeginObject();
    json.Key("path");
    json.Text(rows.folder.empty() ? name : rows.folder + '/' + name);
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
    json.Key("difference");
    json.Text(Name(DifferenceOf(forest, rows.body, item)));
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace tensorpane
