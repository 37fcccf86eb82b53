#include "graph/forest.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace tensorpane {
namespace {

/// The sum of what is known.
double Sum(double a, double b) { return std::isnan(a) ? b : std::isnan(b) ? a : a + b; }

void Add(const Totals& more, Totals* totals) {
  totals->ops = std::min(totals->ops + more.ops, kMostOps);
  totals->micros = Sum(totals->micros, more.micros);
  totals->memory = Sum(totals->memory, more.memory);
  totals->parameters = Sum(totals->parameters, more.parameters);
}

double ValueOf(const std::vector<double>& column, size_t at) { return column.empty() ? NAN : column[at]; }

Difference Together(Difference a, Difference b) { return a == b ? a : Difference::kChanged; }

/// ^[a-zA-Z]+Summary$ (TensorBoard's tf_graph_common/graph.ts).
bool IsSummary(std::string_view op) {
  constexpr std::string_view kEnding = "Summary";
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return op.size() > kEnding.size() && op.ends_with(kEnding) && std::all_of(op.begin(), op.end(), is_letter);
}

bool IsConstant(std::string_view op) { return op == "Const" || op == "prim::Constant"; }

}  // namespace

struct Forest::Of {
  std::unique_ptr<Tree> tree;
  std::unique_ptr<Consumers> consumers;
  std::vector<Annotation> annotations;
  std::vector<Totals> totals;
  std::vector<Difference> differences;
  std::unordered_map<TreeIndex, std::vector<StackRun>> runs;
};

Forest::Forest(const Graph& graph) : graph_(graph), bodies_(graph.bodies.size()) { CountOps(); }
Forest::~Forest() = default;

Forest::Of& Forest::Get(uint32_t body) {
  std::unique_ptr<Of>& of = bodies_[body];
  if (!of) of = std::make_unique<Of>();
  return *of;
}

/// Bodies that are called before those that call them; a body that calls itself counts as one op there.
void Forest::CountOps() {
  enum class State : uint8_t { kNew, kOpen, kDone };
  const size_t count = graph_.bodies.size();
  body_totals_.assign(count, {0, NAN, NAN, NAN});
  std::vector<State> states(count, State::kNew);
  struct Visit {
    uint32_t body;
    size_t next_call;
  };
  std::vector<Visit> visits;
  for (uint32_t first = 0; first < count; ++first) {
    if (states[first] != State::kNew) continue;
    visits.push_back({first, 0});
    states[first] = State::kOpen;
    while (!visits.empty()) {
      Visit& visit = visits.back();
      const GraphBody& body = graph_.bodies[visit.body];
      if (visit.next_call < body.calls.size()) {
        const uint32_t called = body.calls[visit.next_call++].body;
        if (states[called] != State::kNew) continue;
        states[called] = State::kOpen;
        visits.push_back({called, 0});
        continue;
      }
      for (NodeIndex op = 0; op < body.size(); ++op)
        Add(TotalsOfOp(visit.body, op), &body_totals_[visit.body]);
      states[visit.body] = State::kDone;
      visits.pop_back();
    }
  }
}

Totals Forest::TotalsOfOp(uint32_t body_index, NodeIndex op) const {
  const GraphBody& body = graph_.bodies[body_index];
  const Totals own{1, ValueOf(body.compute_micros, op), ValueOf(body.memory_bytes, op),
                   ValueOf(body.parameters, op)};
  const std::span<const GraphCall> calls = this->calls(body_index, op);
  if (calls.empty()) return own;
  Totals totals{0, NAN, NAN, NAN};
  for (const GraphCall& call : calls) Add(body_totals_[call.body], &totals);
  if (totals.ops == 0) totals.ops = 1;  // it calls what calls it, or what is empty
  if (!std::isnan(own.micros)) totals.micros = own.micros;
  if (!std::isnan(own.memory)) totals.memory = own.memory;
  if (!std::isnan(own.parameters)) totals.parameters = own.parameters;
  return totals;
}

std::span<const GraphCall> Forest::calls(uint32_t body, NodeIndex op) const {
  const std::vector<GraphCall>& calls = graph_.bodies[body].calls;
  if (calls.empty()) return {};
  const auto begin = std::lower_bound(calls.begin(), calls.end(), op,
                                      [](const GraphCall& call, NodeIndex node) { return call.node < node; });
  auto end = begin;
  while (end != calls.end() && end->node == op) ++end;
  return {calls.data() + (begin - calls.begin()), static_cast<size_t>(end - begin)};
}

std::span<const GraphCall> Forest::calls_at(uint32_t body, TreeIndex node) {
  const NodeIndex op = tree(body).op(node);
  if (op == kNoNode) return {};
  return calls(body, op);
}

const Tree& Forest::tree(uint32_t body) {
  Of& of = Get(body);
  if (!of.tree) of.tree = std::make_unique<Tree>(graph_.texts, graph_.bodies[body]);
  return *of.tree;
}

const Consumers& Forest::consumers(uint32_t body) {
  Of& of = Get(body);
  if (!of.consumers) of.consumers = std::make_unique<Consumers>(graph_.bodies[body]);
  return *of.consumers;
}

Annotation Forest::annotation(uint32_t body_index, NodeIndex op) {
  Of& of = Get(body_index);
  const GraphBody& body = graph_.bodies[body_index];
  if (of.annotations.size() == body.size()) return of.annotations[op];
  of.annotations.assign(body.size(), Annotation::kNone);
  const Tree& tree = this->tree(body_index);
  const Consumers& consumers = this->consumers(body_index);
  // Whether an op text is one of them is asked once for each text, not for each op.
  std::vector<Annotation> kinds(graph_.texts.size(), Annotation::kNone);
  for (TextId id = 0; id < kinds.size(); ++id) {
    if (IsConstant(text(id))) kinds[id] = Annotation::kConstant;
    if (IsSummary(text(id))) kinds[id] = Annotation::kSummary;
  }
  for (NodeIndex node = 0; node < body.size(); ++node) {
    const Annotation kind = kinds[body.ops[node]];
    if (kind == Annotation::kConstant) {
      const std::span<const Consumer> uses = consumers.of(node);
      const TreeIndex group = tree.parent(tree.of(node));
      const bool all_beside = std::all_of(uses.begin(), uses.end(), [&](const Consumer& use) {
        return tree.parent(tree.of(use.node)) == group;
      });
      if (!uses.empty() && all_beside) of.annotations[node] = kind;
    } else if (kind == Annotation::kSummary) {
      for (uint32_t i = body.input_begin[node]; i < body.input_begin[node + 1]; ++i) {
        const GraphInput& input = body.inputs[i];
        if (input.from == kNoNode || input.kind == EdgeKind::kControl) continue;
        if (kinds[body.ops[input.from]] == Annotation::kNone) of.annotations[node] = kind;
      }
    }
  }
  return of.annotations[op];
}

Totals Forest::totals(uint32_t body, TreeIndex node) {
  Of& of = Get(body);
  const Tree& tree = this->tree(body);
  if (of.totals.empty()) {
    of.totals.assign(tree.size(), {0, NAN, NAN, NAN});
    for (TreeIndex i = static_cast<TreeIndex>(tree.size()); i-- > 0;) {
      if (!tree.is_group(i)) of.totals[i] = TotalsOfOp(body, tree.op(i));
      if (i > 0) Add(of.totals[i], &of.totals[tree.parent(i)]);
    }
  }
  return of.totals[node];
}

Difference Forest::difference(uint32_t body, TreeIndex node) {
  const std::vector<Difference>& differences = graph_.bodies[body].differences;
  if (differences.empty()) return Difference::kSame;
  Of& of = Get(body);
  const Tree& tree = this->tree(body);
  if (of.differences.empty()) {
    of.differences.resize(tree.size());
    std::vector<bool> is_known(tree.size(), false);
    for (TreeIndex i = static_cast<TreeIndex>(tree.size()); i-- > 0;) {
      if (!tree.is_group(i)) of.differences[i] = differences[tree.op(i)];
      const TreeIndex parent = tree.parent(i);
      if (i == 0) continue;
      of.differences[parent] =
          is_known[parent] ? Together(of.differences[parent], of.differences[i]) : of.differences[i];
      is_known[parent] = true;
    }
  }
  return of.differences[node];
}

const Blocks& Forest::blocks() {
  if (!blocks_) {
    std::vector<const Tree*> trees;
    for (uint32_t body = 0; body < graph_.bodies.size(); ++body) trees.push_back(&tree(body));
    blocks_ = std::make_unique<Blocks>(graph_, trees);
  }
  return *blocks_;
}

const std::vector<StackRun>& Forest::runs(uint32_t body, TreeIndex group) {
  const auto [found, is_new] = Get(body).runs.try_emplace(group);
  std::vector<StackRun>& runs = found->second;
  if (!is_new) return runs;
  const Tree& tree = this->tree(body);
  const Blocks& blocks = this->blocks();
  std::vector<Sibling> siblings;
  for (uint32_t i = 0; i < tree.child_count(group); ++i) {
    const TreeIndex node = tree.first_child(group) + i;
    const NodeIndex op = tree.op(node);
    const BlockClass block = blocks.of(body, node);
    if (block != kNoClass) {
      siblings.push_back({node, uint64_t{block} << 1, false});
    } else if (annotation(body, op) == Annotation::kNone) {
      siblings.push_back({node, uint64_t{graph_.bodies[body].ops[op]} << 1 | 1, true});
    }
  }
  runs = FindRuns(tree, siblings);
  return runs;
}

Contents ContentsOf(Forest& forest, uint32_t body, TreeIndex node, uint32_t role) {
  const auto whole = [](uint32_t of) { return Contents{Contents::Kind::kGroup, of, kTreeRoot, {}}; };
  if (role != Place::kNone) return whole(forest.body(body).calls[role].body);
  if (forest.tree(body).is_group(node)) return {Contents::Kind::kGroup, body, node, {}};
  const std::span<const GraphCall> calls = forest.calls_at(body, node);
  if (calls.empty()) return {Contents::Kind::kNothing, body, node, {}};
  if (calls.size() == 1) return whole(calls.front().body);
  return {Contents::Kind::kRoles, body, node, {}};
}

namespace {

/// "block_[0-2]" as some of the children of a group.
std::optional<StackRun> FindStack(Forest& forest, uint32_t body, TreeIndex group, std::string_view name) {
  if (name.empty() || name.back() != ']') return {};
  for (const StackRun& run : forest.runs(body, group)) {
    const std::string begin = run.prefix + '[';
    if (!name.starts_with(begin)) continue;
    const std::string_view numbers = name.substr(begin.size(), name.size() - begin.size() - 1);
    const size_t hyphen = numbers.find('-');
    if (hyphen == std::string_view::npos) continue;
    const auto first = std::find(run.numbers.begin(), run.numbers.end(), numbers.substr(0, hyphen));
    const auto last = std::find(first, run.numbers.end(), numbers.substr(hyphen + 1));
    if (last == run.numbers.end()) continue;
    return run.Part(first - run.numbers.begin(), last - run.numbers.begin() + 1);
  }
  return {};
}

}  // namespace

std::optional<Place> FindPlace(Forest& forest, std::string_view path) {
  Place place;
  for (size_t at = 0; at < path.size();) {
    const std::string_view segment = path.substr(at, SegmentEnd(path.substr(at)));
    if (place.stack) return {};  // members are called by their own names
    const std::span<const GraphCall> calls = forest.calls_at(place.body, place.node);
    uint32_t called =
        place.role == Place::kNone ? Place::kNone : forest.body(place.body).calls[place.role].body;
    if (called == Place::kNone && calls.size() > 1) {
      const auto role = std::find_if(calls.begin(), calls.end(), [&](const GraphCall& call) {
        return forest.text(call.role) == segment;
      });
      if (role == calls.end()) return {};
      place.role = static_cast<uint32_t>(&*role - forest.body(place.body).calls.data());
      at += segment.size() + 1;
      continue;
    }
    if (called == Place::kNone && calls.size() == 1) called = calls.front().body;
    if (called != Place::kNone) {
      if (place.calls.size() == kMostCalls) return {};
      place.calls.push_back({place.body, forest.tree(place.body).op(place.node), place.prefix});
      place.body = called;
      place.node = kTreeRoot;
      place.role = Place::kNone;
      place.prefix = at;
    }
    const TreeIndex child = forest.tree(place.body).FindChild(place.node, segment);
    if (child != kNoTreeNode) {
      place.node = child;
    } else {
      place.stack = FindStack(forest, place.body, place.node, segment);
      if (!place.stack) return {};
    }
    at += segment.size() + 1;
  }
  return place;
}

}  // namespace tensorpane
