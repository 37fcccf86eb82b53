#include "tools/describe_graphs.h"

#include <algorithm>
#include <optional>

#include "base/json_writer.h"
#include "base/natural_order.h"
#include "graph/graph_report.h"
#include "graph/graph_source.h"
#include "graph/profile.h"

namespace tensorpane {
namespace {

using ReadBlob = std::function<std::vector<uint8_t>(const BlobRef&)>;

class GraphDescriber {
 public:
  GraphDescriber(const Log& log, const ReadBlob& read) : log_(log), read_(read) {}

  std::string Describe() {
    std::vector<const Run*> runs;
    for (const Run& run : log_.runs()) runs.push_back(&run);
    std::sort(runs.begin(), runs.end(),
              [](const Run* a, const Run* b) { return NaturalLess(a->name, b->name); });
    json_.BeginObject();
    json_.Key("runs");
    json_.BeginArray();
    for (const Run* run : runs) {
      if (HasGraphs(*run)) DescribeRun(*run);
    }
    json_.EndArray();
    json_.EndObject();
    return json_.Take();
  }

 private:
  std::optional<GraphContent> ContentOf(const Series& series, uint32_t point) const {
    return GraphContentOf(log_.metadata(series).plugin_name,
                          static_cast<Storage>(series.points.blob(point).storage));
  }

  bool HasGraphs(const Run& run) const {
    return std::any_of(run.series.begin(), run.series.end(), [this](SeriesId id) {
      const Series& series = log_.series(id);
      return !log_.IsScalar(series) && series.points.size() > 0 && ContentOf(series, 0);
    });
  }

  void DescribeRun(const Run& run) {
    std::optional<GraphContent> kind;  // of the last graph of the run
    std::vector<uint8_t> last;
    ForEachPoint(run, [&](GraphContent content, const std::vector<uint8_t>& bytes, const Series&) {
      if (content != GraphContent::kGraphDef && content != GraphContent::kMetaGraphDef) return;
      kind = content;
      last = bytes;
    });
    json_.BeginObject();
    json_.Key("run");
    json_.Text(run.name);
    json_.Key("tags");
    json_.BeginObject();
    const Series* series = nullptr;
    ForEachPoint(run, [&](GraphContent content, std::vector<uint8_t> bytes, const Series& of) {
      if (series != &of) {
        if (series != nullptr) json_.EndArray();
        json_.Key(log_.tag(of.tag));
        json_.BeginArray();
        series = &of;
      }
      json_.BeginObject();
      if (content == GraphContent::kRunMetadata && kind) DescribeProfile(bytes, ReadGraph(*kind, last));
      json_.Key("graph");
      WriteGraphReport(ReadGraph(content, std::move(bytes)), &json_);
      json_.EndObject();
    });
    if (series != nullptr) json_.EndArray();
    json_.EndObject();
    json_.EndObject();
  }

  void DescribeProfile(Bytes run_metadata, Graph graph) {
    const ProfileJoin join = JoinProfile(run_metadata, &graph);
    if (join.entries == 0) return;
    json_.Key("profile");
    json_.BeginObject();
    json_.Key("entries");
    json_.Unsigned(join.entries);
    json_.Key("unknown");
    json_.Unsigned(join.unknown);
    json_.Key("graph");
    WriteGraphReport(graph, &json_);
    json_.EndObject();
  }

  /// Calls `f(content, bytes, series)` for each point that holds a graph or a profile.
  template <class F>
  void ForEachPoint(const Run& run, F f) {
    for (const SeriesId id : run.series) {
      const Series& series = log_.series(id);
      if (log_.IsScalar(series)) continue;
      for (uint32_t point = 0; point < series.points.size(); ++point) {
        const BlobRef& blob = series.points.blob(point);
        const auto content = ContentOf(series, point);
        if (!content) continue;
        auto bytes = GraphBytes(static_cast<Storage>(blob.storage), blob.split, read_(blob));
        if (bytes) f(*content, *std::move(bytes), series);
      }
    }
  }

  const Log& log_;
  const ReadBlob& read_;
  JsonWriter json_;
};

}  // namespace

std::string DescribeGraphs(const Log& log, const ReadBlob& read) {
  return GraphDescriber(log, read).Describe();
}

}  // namespace tensorpane
