#include "projection/projection_session.h"

#include <algorithm>
#include <cmath>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "projection/custom_axes.h"
#include "projection/distances.h"
#include "projection/kept.h"
#include "projection/panels.h"
#include "projection/projection.h"

namespace tensorpane {
namespace {

constexpr uint32_t kNowhere = UINT32_MAX;
constexpr size_t kAxes = 3;         // of a picture
constexpr uint32_t kListed = 1000;  // rows that were left out
constexpr float kMostMagnitude = 1e15f;

constexpr const char* kMethods[] = {"pca", "tsne", "umap", "axes"};
constexpr const char* kMetrics[] = {"cosine", "euclidean", "dot"};
constexpr const char* kStages[] = {"neighbours", "start", "layout", "done"};
constexpr const char* kNotes[] = {
    "perplexity_lowered", "neighbours_lowered",     "disconnected", "too_many_for_spectral",
    "constant",           "axis_without_direction", "randomised"};

template <class T, size_t kCount>
bool Find(const char* const (&names)[kCount], const std::string& name, T* found) {
  for (size_t i = 0; i < kCount; ++i) {
    if (name == names[i]) {
      *found = static_cast<T>(i);
      return true;
    }
  }
  return false;
}

uint32_t ToCount(double value) {
  return value >= 0 ? static_cast<uint32_t>(std::min(value, 4294967295.0)) : 0;
}

/// ProjectionOptions from JSON; members that are not known are skipped.
class OptionsReader {
 public:
  explicit OptionsReader(std::string_view json) : reader_(AsBytes(json)) {}

  bool Read(ProjectionOptions* options) {
    bool has_method = false;
    if (reader_.Next() != Token::kBeginObject) return false;
    for (Token token = reader_.Next(); token != Token::kEndObject; token = reader_.Next()) {
      if (token != Token::kKey) return false;
      const std::string key = reader_.text();
      token = reader_.Next();
      const double number = token == Token::kNumber ? reader_.number() : NAN;
      if (key == "axes" && token == Token::kBeginArray) {
        if (!ReadAxes(&options->axes)) return false;
      } else if (key == "method" && token == Token::kText) {
        has_method = Find(kMethods, reader_.text(), &options->method);
      } else if (key == "metric" && token == Token::kText) {
        if (!Find(kMetrics, reader_.text(), &options->metric)) return false;
      } else if (token != Token::kNumber) {
        if (!reader_.Skip(token)) return false;
      } else if (key == "dimensions") {
        options->dimensions = ToCount(number);
      } else if (key == "perplexity") {
        options->perplexity = number;
      } else if (key == "learningRate") {
        options->learning_rate = number;
      } else if (key == "neighbours") {
        options->neighbours = ToCount(number);
      } else if (key == "minDistance") {
        options->min_distance = number;
      } else if (key == "spread") {
        options->spread = number;
      } else if (key == "steps") {
        options->steps = ToCount(number);
      } else if (key == "seed") {
        options->seed = ToCount(number);
      }
    }
    const size_t axes = options->axes.size();
    return has_method && (options->method != ProjectionMethod::kAxes || (axes >= 1 && axes <= kAxes));
  }

 private:
  using Token = JsonReader::Token;

  bool ReadAxes(std::vector<CustomAxis>* axes) {
    for (Token token = reader_.Next(); token != Token::kEndArray; token = reader_.Next()) {
      if (token != Token::kBeginObject) return false;
      CustomAxis axis;
      for (token = reader_.Next(); token != Token::kEndObject; token = reader_.Next()) {
        if (token != Token::kKey) return false;
        const std::string key = reader_.text();
        token = reader_.Next();
        if (key == "index" && token == Token::kNumber) {
          axis.dimension = ToCount(reader_.number());
        } else if ((key == "from" || key == "to") && token == Token::kBeginArray) {
          if (!ReadRows(key == "from" ? &axis.from : &axis.to)) return false;
        } else if (!reader_.Skip(token)) {
          return false;
        }
      }
      axes->push_back(std::move(axis));
    }
    return true;
  }
  bool ReadRows(std::vector<uint32_t>* rows) {
    for (Token token = reader_.Next(); token != Token::kEndArray; token = reader_.Next()) {
      if (token != Token::kNumber) return false;
      rows->push_back(ToCount(reader_.number()));
    }
    return true;
  }

  JsonReader reader_;
};

}  // namespace

struct ProjectionSession::State {
  uint32_t dimensions;
  uint32_t total = 0;            // rows that came
  std::vector<float> values;     // of those that are used
  std::vector<uint32_t> rows;    // their numbers; empty = none was left out
  std::vector<uint32_t> places;  // of each row that came, among those that are used; empty as `rows`
  std::vector<float> prepared;   // empty = as they are
  std::unique_ptr<Projection> projection;
  ProjectionMethod method = ProjectionMethod::kPca;
  std::vector<float> compact;  // positions of those that are used
  std::vector<float> positions;

  Points points() const {
    return {prepared.empty() ? values.data() : prepared.data(),
            static_cast<uint32_t>(values.size() / dimensions), dimensions};
  }
  uint32_t RowAt(uint32_t place) const { return rows.empty() ? place : rows[place]; }
  uint32_t PlaceOf(uint32_t row) const {
    return row >= total ? kNowhere : places.empty() ? row : places[row];
  }
  /// The places of rows, without those that are left out.
  std::vector<uint32_t> PlacesOf(std::span<const uint32_t> some) const {
    std::vector<uint32_t> found;
    for (const uint32_t row : some) {
      if (PlaceOf(row) != kNowhere) found.push_back(PlaceOf(row));
    }
    return found;
  }
  void LeaveOut() {
    if (places.empty()) {
      for (uint32_t i = 0; i < total; ++i) {
        rows.push_back(i);
        places.push_back(i);
      }
    }
    places.push_back(kNowhere);
  }
};

ProjectionSession::ProjectionSession(uint32_t dimensions) : state_(std::make_unique<State>()) {
  state_->dimensions = std::max(dimensions, 1u);
}
ProjectionSession::~ProjectionSession() = default;

// ---- The points
// ----------------------------------------------------------------------------------------------

void ProjectionSession::Reserve(uint32_t rows) { state_->values.reserve(size_t{rows} * state_->dimensions); }

void ProjectionSession::Append(std::span<const float> rows) {
  const size_t dimensions = state_->dimensions;
  for (size_t begin = 0; begin + dimensions <= rows.size(); begin += dimensions) {
    const auto row = rows.subspan(begin, dimensions);
    // Not true of NaN either. Squares of larger numbers would not fit a float.
    if (std::all_of(row.begin(), row.end(), [](float value) { return std::abs(value) <= kMostMagnitude; })) {
      if (!state_->places.empty()) {
        state_->places.push_back(static_cast<uint32_t>(state_->rows.size()));
        state_->rows.push_back(state_->total);
      }
      state_->values.insert(state_->values.end(), row.begin(), row.end());
    } else {
      state_->LeaveOut();
    }
    ++state_->total;
  }
}

std::string ProjectionSession::Facts() {
  const Points points = state_->points();
  JsonWriter json;
  json.BeginObject();
  json.Key("points");
  json.Unsigned(state_->total);
  json.Key("dimensions");
  json.Unsigned(state_->dimensions);
  json.Key("excludedCount");
  json.Unsigned(state_->total - points.count);
  json.Key("excluded");
  json.BeginArray();
  uint32_t listed = 0;
  for (uint32_t row = 0; row < state_->places.size() && listed < kListed; ++row) {
    if (state_->places[row] != kNowhere) continue;
    json.Unsigned(row);
    ++listed;
  }
  json.EndArray();
  json.Key("constant");
  json.Bool(IsConstant(points));
  json.Key("leading");
  json.BeginArray();
  for (const uint32_t dimension : LeadingDimensions(points, kAxes)) json.Unsigned(dimension);
  json.EndArray();
  json.EndObject();
  return json.Take();
}

void ProjectionSession::Prepare(Preparation preparation) {
  state_->projection.reset();
  state_->compact.clear();
  state_->prepared = {};
  if (preparation != Preparation::kNone) state_->prepared = Prepared(state_->points(), preparation);
}

// ---- A projection
// --------------------------------------------------------------------------------------------

bool ProjectionSession::Start(std::string_view options) {
  state_->projection.reset();
  state_->compact.clear();
  ProjectionOptions read;
  if (!OptionsReader(options).Read(&read) || state_->values.empty()) return false;
  for (CustomAxis& axis : read.axes) {
    axis.from = state_->PlacesOf(axis.from);
    axis.to = state_->PlacesOf(axis.to);
  }
  state_->method = read.method;
  state_->projection = Projection::Make(state_->points(), read);
  return true;
}

bool ProjectionSession::Step(double milliseconds) {
  return !state_->projection || state_->projection->Step(Budget(milliseconds));
}

void ProjectionSession::More(uint32_t steps) {
  if (state_->projection) state_->projection->More(steps);
}

void ProjectionSession::Perturb() {
  if (state_->projection) state_->projection->Perturb();
}

std::string ProjectionSession::Progress() const {
  ProjectionProgress progress;
  progress.stage = ProjectionStage::kDone;
  if (state_->projection) progress = state_->projection->Progress();
  const auto number_or_null = [](JsonWriter* json, double value) {
    std::isnan(value) ? json->Null() : json->Double(value);
  };
  JsonWriter json;
  json.BeginObject();
  json.Key("method");
  json.Text(kMethods[static_cast<size_t>(state_->method)]);
  json.Key("stage");
  json.Text(kStages[static_cast<size_t>(progress.stage)]);
  json.Key("step");
  json.Unsigned(progress.step);
  json.Key("of");
  json.Unsigned(progress.of);
  json.Key("columns");
  json.Unsigned(progress.columns);
  json.Key("kl");
  number_or_null(&json, progress.divergence);
  json.Key("explained");
  json.BeginArray();
  for (const double share : progress.explained) json.Double(share);
  json.EndArray();
  json.Key("recall");
  number_or_null(&json, progress.recall);
  json.Key("notes");
  json.BeginArray();
  for (const ProjectionProgress::Note& note : progress.notes) {
    json.BeginObject();
    json.Key("kind");
    json.Text(kNotes[static_cast<size_t>(note.note)]);
    json.Key("value");
    json.Double(note.value);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

uint32_t ProjectionSession::columns() const {
  return state_->projection ? state_->projection->Progress().columns : 0;
}

std::span<const float> ProjectionSession::Positions() {
  if (!state_->projection) return {};
  state_->compact = state_->projection->Positions();
  if (state_->compact.empty() || state_->rows.empty()) return state_->compact;
  const size_t width = columns();
  state_->positions.assign(state_->total * width, NAN);
  for (size_t i = 0; i < state_->rows.size(); ++i) {
    std::copy_n(&state_->compact[i * width], width, &state_->positions[state_->rows[i] * width]);
  }
  return state_->positions;
}

// ---- Questions
// -----------------------------------------------------------------------------------------------

void ProjectionSession::Neighbours(uint32_t row, uint32_t k, Metric metric, std::vector<uint32_t>* rows,
                                   std::vector<float>* distances) const {
  rows->clear();
  distances->clear();
  const uint32_t place = state_->PlaceOf(row);
  if (place == kNowhere) return;
  const Points points = state_->points();
  NearestTo(points, points.Row(place), place, k, metric, rows, distances);
  for (uint32_t& one : *rows) one = state_->RowAt(one);
}

std::vector<float> ProjectionSession::Distances(std::span<const uint32_t> rows, Metric metric) const {
  std::vector<float> all(state_->total, NAN);
  const std::vector<uint32_t> places = state_->PlacesOf(rows);
  if (places.empty()) return all;
  const std::vector<double> centroid = CentroidOf(state_->points(), places);
  const std::vector<float> point(centroid.begin(), centroid.end());
  const std::vector<float> distances = DistancesTo(state_->points(), point.data(), metric);
  for (uint32_t place = 0; place < distances.size(); ++place) all[state_->RowAt(place)] = distances[place];
  return all;
}

std::string ProjectionSession::Kept(uint32_t k, Metric metric, std::span<const uint32_t> rows,
                                    std::span<const uint32_t> columns) const {
  const Points points = state_->points();
  const uint32_t width = this->columns();
  std::vector<float> picture;
  uint32_t shown = 0;
  if (!state_->compact.empty()) {
    std::vector<uint32_t> picked;
    for (const uint32_t column : columns) {
      if (column < width) picked.push_back(column);
    }
    for (uint32_t column = 0; picked.size() < width && columns.empty(); ++column) picked.push_back(column);
    shown = static_cast<uint32_t>(picked.size());
    for (size_t i = 0; i < points.count; ++i) {
      for (const uint32_t column : picked) picture.push_back(state_->compact[i * width + column]);
    }
  }
  tensorpane::Kept kept;
  const std::vector<uint32_t> places = state_->PlacesOf(rows);
  if (shown > 0 && places.empty() == rows.empty()) {
    kept = KeptNeighbours(points, {picture.data(), points.count, shown}, places, k, metric);
  }
  JsonWriter json;
  json.BeginObject();
  json.Key("share");
  json.Double(kept.share);
  json.Key("rows");
  json.Unsigned(kept.rows);
  json.Key("k");
  json.Unsigned(kept.k);
  json.EndObject();
  return json.Take();
}

}  // namespace tensorpane
