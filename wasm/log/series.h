#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "events/dtype.h"
#include "events/event.h"
#include "log/point_columns.h"
#include "log/restarts.h"
#include "log/tensorboard_purge.h"

namespace tensorpane {

/// One (run, tag): its points, and what is known of all of them.
struct Series {
  Series(SeriesId series_id, RunId run_id, TagId tag_id, std::string_view tag_name, uint32_t metadata_index,
         PointColumns::ValueKind kind)
      : id(series_id), run(run_id), tag(tag_id), name(tag_name), metadata(metadata_index), points(kind) {}

  SeriesId id;
  RunId run;
  TagId tag;
  std::string_view name;  ///< of the tag, in the log's table
  /// Index into Log::metadata.
  uint32_t metadata;
  /// Its images move: the first one is an animation or a video.
  bool moves = false;
  /// The first one is a tensor of real numbers with rows and columns.
  bool is_matrix = false;
  PointColumns points;

  /// How many values are stored which way, without points included (Storage::kNone).
  std::array<uint32_t, kStorages> storage{};
  uint32_t metadata_count = 0;  ///< values that carry metadata
  DType dtype = DType::kInvalid;
  /// Sizes of the tensors, if all are alike.
  std::vector<int64_t> shape;
  bool shapes_differ = false;
  /// Dtype of each point, once they differ.
  std::vector<DType> dtypes;

  /// A value that a double cannot hold: JSON of what is written at point `index`.
  struct Exact {
    uint32_t index;
    std::string json;
  };
  std::vector<Exact> exact;

  /// How many points came from each file of the run, in the order of files: (index of file in run, points).
  std::vector<std::pair<uint32_t, uint32_t>> points_per_file;

  /// Indices of the points whose step is below that of the point before.
  std::vector<uint32_t> steps_back;
  int64_t last_step = 0;  ///< of the newest point
  /// What TensorBoard's reader drops, by index of the first point after it.
  Cuts cuts;
  uint32_t run_cuts_seen = 0;  ///< cuts of the run that `cuts` has

  double min_step = std::numeric_limits<double>::infinity();
  double max_step = -std::numeric_limits<double>::infinity();
  uint32_t non_finite = 0;  ///< values that are NaN or infinite
  bool changed = false;     ///< since the last catalogue delta
  /// The series of the same run whose value came after one of this one last time: writers repeat their tags
  /// in one order. By address, since it is looked up for every value: series never move.
  Series* next = nullptr;
};

}  // namespace tensorpane
