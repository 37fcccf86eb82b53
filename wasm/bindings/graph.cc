// graph.wasm: graphs that were opened. It knows no log: whoever asks hands over bytes that the reader has
// found. Its TypeScript face, which describes every method, is web/src/engine/graphs/graphs_session.ts; the
// two must say the same.

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/bind_exchange.h"
#include "graph/compare_graphs.h"
#include "graph/graph_session.h"
#include "graph/graph_source.h"
#include "graph/profile.h"

namespace tensorpane {
namespace {

/// Nothing is stopped from inside: this thread hears nothing while it works, and is ended by whoever waits.
bool GoOn() { return false; }

class Graphs : public Exchange {
 public:
  int openPayload(const std::string& plugin, int storage, bool split, uint32_t length) {
    const std::optional<std::vector<uint8_t>> profile = std::exchange(profile_, std::nullopt);
    const std::optional<GraphContent> content = GraphContentOf(plugin, static_cast<Storage>(storage));
    std::optional<std::vector<uint8_t>> bytes;
    if (content) bytes = GraphBytes(static_cast<Storage>(storage), split, Input(length));
    input_ = {};
    if (!bytes) return -1;
    auto graph = std::make_unique<Graph>(ReadGraph(*content, *std::move(bytes)));
    if (profile && JoinProfile(*profile, graph.get()).entries == 0) {
      graph->faults.push_back({GraphFault::Kind::kEmptyProfile, 1, kNoText});
    }
    return Add(std::move(graph));
  }
  int openFile(uint32_t length) {
    const Bytes input = Input(length);
    std::vector<uint8_t> bytes(input.begin(), input.end());
    input_ = {};
    std::optional<Graph> graph = ReadGraphFile(std::move(bytes));
    return graph ? Add(std::make_unique<Graph>(*std::move(graph))) : -1;
  }
  bool setProfile(const std::string& plugin, int storage, bool split, uint32_t length) {
    const bool is_profile =
        GraphContentOf(plugin, static_cast<Storage>(storage)) == GraphContent::kRunMetadata;
    if (is_profile) profile_ = GraphBytes(static_cast<Storage>(storage), split, Input(length));
    return is_profile && profile_;
  }
  int compare(uint32_t before, uint32_t after) {
    return Add(CompareGraphs(Open(before).graph(), Open(after).graph()));
  }
  void close(uint32_t graph) {
    if (graph < sessions_.size()) sessions_[graph].reset();
  }

  void scene(uint32_t graph, uint32_t length) {
    Open(graph).Scene(AsText(Input(length)), GoOn, &numbers_, &text_);
  }
  void outline(uint32_t graph, uint32_t length, uint32_t from, uint32_t count) {
    text_ = Open(graph).Outline(AsText(Input(length)), from, count);
  }
  void search(uint32_t graph, uint32_t length) { Open(graph).Search(AsText(Input(length)), GoOn, &text_); }
  void node(uint32_t graph, uint32_t length) { text_ = Open(graph).Node(AsText(Input(length))); }
  void attribute(uint32_t graph, uint32_t length, const std::string& name) {
    text_ = Open(graph).Attribute(AsText(Input(length)), name);
  }
  void trace(uint32_t graph, uint32_t length, const std::string& direction, double depth) {
    Open(graph).Trace(AsText(Input(length)), direction, depth, GoOn, &numbers_, &text_);
  }
  void shortestPath(uint32_t graph, uint32_t length, const std::string& to) {
    Open(graph).ShortestPath(AsText(Input(length)), to, GoOn, &numbers_, &text_);
  }
  void table(uint32_t graph, uint32_t length) { Open(graph).Table(AsText(Input(length)), GoOn, &text_); }
  void ops(uint32_t graph) { text_ = Open(graph).Ops(); }

 private:
  /// Nobody is answered what another question was. One of a graph that is not open ends the module.
  GraphSession& Open(uint32_t graph) {
    if (graph >= sessions_.size() || !sessions_[graph]) std::abort();
    numbers_.clear();
    text_.clear();
    return *sessions_[graph];
  }

  int Add(std::unique_ptr<Graph> graph) {
    if (!graph) return -1;
    sessions_.push_back(std::make_unique<GraphSession>(std::move(graph)));
    text_ = sessions_.back()->Facts();
    return static_cast<int>(sessions_.size() - 1);
  }

  std::vector<std::unique_ptr<GraphSession>> sessions_;  // null once closed
  std::optional<std::vector<uint8_t>> profile_;          // a RunMetadata for the next graph
};

}  // namespace
}  // namespace tensorpane

EMSCRIPTEN_BINDINGS(graphs) {
  using tensorpane::Graphs;
  tensorpane::BindExchange();
  emscripten::class_<Graphs, emscripten::base<tensorpane::Exchange>>("Graphs")
      .constructor<>()
      .function("openPayload", &Graphs::openPayload)
      .function("openFile", &Graphs::openFile)
      .function("setProfile", &Graphs::setProfile)
      .function("compare", &Graphs::compare)
      .function("close", &Graphs::close)
      .function("scene", &Graphs::scene)
      .function("outline", &Graphs::outline)
      .function("search", &Graphs::search)
      .function("node", &Graphs::node)
      .function("attribute", &Graphs::attribute)
      .function("trace", &Graphs::trace)
      .function("shortestPath", &Graphs::shortestPath)
      .function("table", &Graphs::table)
      .function("ops", &Graphs::ops);
}
