#include "graph/graph_session.h"

#include "graph/forest.h"
#include "graph/graph_facts.h"
#include "graph/node_facts.h"
#include "graph/node_table.h"
#include "graph/outline.h"
#include "graph/scene_maker.h"
#include "graph/scene_writer.h"
#include "graph/search.h"
#include "graph/trace.h"

namespace tensorpane {

struct GraphSession::State {
  explicit State(std::unique_ptr<const Graph> of)
      : graph(std::move(of)), forest(*graph), names(forest), maker(forest), table(names) {}

  std::unique_ptr<const Graph> graph;
  Forest forest;
  AllNames names;
  SceneMaker maker;
  NodeTable table;
  std::unique_ptr<tensorpane::Scene> scene;  // the last one
};

GraphSession::GraphSession(std::unique_ptr<const Graph> graph)
    : state_(std::make_unique<State>(std::move(graph))) {}
GraphSession::~GraphSession() = default;

const Graph& GraphSession::graph() const { return *state_->graph; }

std::string GraphSession::Facts() const { return GraphFactsJson(*state_->graph); }

bool GraphSession::Scene(std::string_view query, const Stop& stop, std::vector<double>* numbers,
                         std::string* text) {
  std::optional<SceneQuery> read = ReadSceneQuery(query);
  if (!read) return false;
  std::unique_ptr<tensorpane::Scene> scene = state_->maker.Make(std::move(*read), stop);
  if (!scene) return false;
  state_->scene = std::move(scene);
  WriteScene(*state_->scene, numbers, text);
  return true;
}

std::string GraphSession::Outline(std::string_view path, size_t from, size_t count) {
  return OutlineJson(state_->forest, path, from, count);
}

bool GraphSession::Search(std::string_view query, const Stop& stop, std::string* text) {
  return SearchJson(state_->names, query, stop, text);
}

std::string GraphSession::Node(std::string_view path) { return NodeFactsJson(state_->names, path); }

std::string GraphSession::Attribute(std::string_view path, std::string_view name) {
  return AttributeOf(state_->forest, path, name);
}

bool GraphSession::Trace(std::string_view path, std::string_view direction, double depth, const Stop& stop,
                         std::vector<double>* numbers, std::string* text) {
  Tracer tracer(state_->forest, stop);
  return tracer.Follow(path, direction != "outputs", direction != "inputs", depth) &&
         tracer.Mark(state_->scene.get(), numbers, text);
}

bool GraphSession::ShortestPath(std::string_view from, std::string_view to, const Stop& stop,
                                std::vector<double>* numbers, std::string* text) {
  Tracer tracer(state_->forest, stop);
  return tracer.Shortest(from, to) && tracer.Mark(state_->scene.get(), numbers, text);
}

bool GraphSession::Table(std::string_view query, const Stop& stop, std::string* text) {
  return state_->table.PageJson(query, stop, text);
}

std::string GraphSession::Ops() { return OpCountsJson(*state_->graph); }

}  // namespace tensorpane
