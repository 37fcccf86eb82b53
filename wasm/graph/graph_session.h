#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace tensorpane {

/// One graph that was opened, and the answers to what is asked of it: each method is one of `Graphs` in
/// web/src/engine/graphs/graphs.ts, which describes what goes in and comes out. Questions with several parts
/// come as JSON text, answers are JSON text and numbers. What a question has computed is kept for the next
/// one.
class GraphSession {
 public:
  /// Asked every few milliseconds; true = stop. The method then returns false, and its answer means nothing.
  /// What it has done until then is kept, so that asking again goes on from there.
  using Stop = std::function<bool()>;

  explicit GraphSession(std::unique_ptr<const Graph> graph);
  ~GraphSession();
  GraphSession(const GraphSession&) = delete;
  GraphSession& operator=(const GraphSession&) = delete;

  const Graph& graph() const;

  /// GraphFacts, but for `graph`, which whoever holds several of these knows.
  std::string Facts() const;

  /// @param query SceneQuery as JSON
  /// @param numbers,text the Scene as `WriteScene` has it (scene.h); read by
  /// web/src/engine/graphs/scene_reader.ts
  /// @return false = stopped, or `query` is none
  bool Scene(std::string_view query, const Stop& stop, std::vector<double>* numbers, std::string* text);

  /// PackedOutline (graph_protocol.ts): children of `path`; a path that nothing has, has none.
  std::string Outline(std::string_view path, size_t from, size_t count);

  /// GraphHits.
  bool Search(std::string_view query, const Stop& stop, std::string* text);

  /// NodeFacts; "null" = nothing has this path.
  std::string Node(std::string_view path);

  /// The text of an attribute, whole (not as JSON); empty = there is none.
  std::string Attribute(std::string_view path, std::string_view name);

  /// Marks on the boxes, then on the pieces of the last scene: 0 or 1 each.
  /// @param direction "inputs", "outputs" or "both"
  /// @param text {"boxes": how many marks are of boxes, "ops": ops on the way}
  bool Trace(std::string_view path, std::string_view direction, double depth, const Stop& stop,
             std::vector<double>* numbers, std::string* text);

  /// As `Trace`, and {"path": […]}. Along the edges from `from` to `to`; if there is no such way, from `to`
  /// to `from`.
  bool ShortestPath(std::string_view from, std::string_view to, const Stop& stop,
                    std::vector<double>* numbers, std::string* text);

  /// TablePage.
  /// @param query TableQuery as JSON
  bool Table(std::string_view query, const Stop& stop, std::string* text);

  /// OpCount[], most frequent first.
  std::string Ops();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tensorpane
