#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "graph/forest.h"

namespace tensorpane {

/// What a box is of: BoxKind of web/src/engine/graphs/graphs.ts, in its order.
enum class BoxKind : uint8_t { kOp, kGroup, kStack, kStub };

/// Where edges cross the border of a group: one port for each op outside that something inside consumes, and
/// one for each op inside that something outside consumes; the last of kMostPorts is shared by all that are
/// left. They depend on nothing but the group.
///
/// Which edges through a shared port belong together, a drawing does not say: it would have to have the
/// sources of each piece, which together are as many as there are edges between ops. What must know it asks a
/// Tracer (trace.h), which goes by ops: of depth 1 that is all that an op is joined to. So does the page, of
/// what is under the pointer.
struct Ports {
  std::vector<std::vector<NodeIndex>> in;   ///< of each port its sources, which are outside
  std::vector<std::vector<NodeIndex>> out;  ///< of each port its sources, which are inside
  std::unordered_map<NodeIndex, uint32_t> in_of, out_of;
};
constexpr size_t kMostPorts = 8;

/// What of one body is drawn otherwise than by rule.
struct Overrides {
  std::unordered_set<TreeIndex> put_back, taken_out;
};

/// What is open in a level: paths, cut to what is behind that of the level.
struct OpenInside {
  struct Child {
    bool is_open = false;
    std::vector<std::string_view> inside;  ///< what is open in it
  };
  std::unordered_map<TreeIndex, Child> children;
  std::unordered_set<std::string_view> stacks;        ///< names
  std::unordered_map<std::string_view, Child> roles;  ///< of a call that has several
};

/// One vertex of a level that will be a box.
struct LevelItem {
  BoxKind kind = BoxKind::kOp;
  TreeIndex node =
      kTreeRoot;  ///< of a stack the first member, of a role the call, of a stub its first consumer
  std::optional<StackRun> stack;
  uint32_t role = Place::kNone;  ///< index in GraphBody::calls
  TextId stub = kNoText;         ///< its name
  bool is_open = false;
  bool is_rest = false;  ///< a stack of all that is too much to be drawn
  Contents contents;     ///< what opening it shows
  uint32_t constants = 0, summaries = 0;
  uint32_t rule_vertex = 0;  ///< what it is part of while nothing is open: degrees are counted between these
};

/// An end of an edge of a level.
struct LevelEnd {
  enum class Kind : uint8_t { kItem, kInPort, kOutPort } kind = Kind::kItem;
  uint32_t index = 0;            ///< of the item, or of the port of the level
  uint32_t port = Place::kNone;  ///< of an open item: through which port

  friend bool operator==(const LevelEnd&, const LevelEnd&) = default;
};

/// Edges between ops that are one edge in a level.
struct LevelEdge {
  LevelEnd from, to;
  EdgeKind kind = EdgeKind::kData;
  Difference difference = Difference::kSame;
  uint64_t edges = 0;    ///< between ops
  uint64_t tensors = 0;  ///< different ones; of control edges 0
  double elements = 0;   ///< of these; of those that are known
  ShapeId shape = 0;     ///< of each of them; 0: not known, or not the same
};

/// A vertex that is not drawn.
struct TakenOutItem {
  TreeIndex node;
  uint64_t edges;  ///< edges between ops
  bool by_hand;
};

/// The inside of one open box: its children, what stands for several of them, and the edges between them
/// whose ends lie in different ones; those that cross its border end at its ports. It depends on what is open
/// in it, and on nothing around it.
struct Level {
  std::vector<LevelItem> items;
  std::vector<LevelEdge> edges;
  std::vector<TakenOutItem> taken_out;
  Ports ports;
};

/// Of a level with more vertices, those that come last are one: so many boxes can still be looked at.
constexpr size_t kMostItems = 10'000;

/// Makes levels of a graph.
class LevelBuilder {
 public:
  explicit LevelBuilder(Forest& forest) : forest_(forest) {}

  /// @param can_call calls can be opened: not too many lead here
  /// @param op_edges every edge between ops that is drawn: its index in GraphBody::inputs, and that of the
  ///   edge of the level that it is part of
  Level Build(const Contents& contents, const OpenInside& open, const Overrides& overrides, bool can_call,
              std::vector<std::pair<uint32_t, uint32_t>>* op_edges = nullptr);

 private:
  struct Draft;

  void AddItems(Draft* draft);
  void AddRun(const StackRun& run, Draft* draft);
  void AddItem(LevelItem item, Draft* draft);
  bool IsDrawn(const Draft& draft, NodeIndex op);
  Ports PortsOf(const Draft& draft, const Contents& contents);
  void AddEdges(Draft* draft);
  void AddConstants(Draft* draft);
  void AddStubs(Draft* draft);

  Forest& forest_;
  std::vector<uint32_t> owners_;  // of ops: which item holds them; kept between calls
};

}  // namespace tensorpane
