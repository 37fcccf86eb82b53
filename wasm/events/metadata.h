#pragma once

#include <string>

#include "events/event.h"

namespace tensorpane {

/// tensorflow.DataClass (summary.proto).
enum class DataClass : uint8_t { kUnknown = 0, kScalar = 1, kTensor = 2, kBlobSequence = 3 };
std::string_view Name(DataClass data_class);

inline constexpr std::string_view kScalarsPlugin = "scalars";
inline constexpr std::string_view kHParamsPlugin = "hparams";
inline constexpr std::string_view kImagesPlugin = "images";
/// The tag that TensorBoard gives a run's graph_def (tensorboard/plugins/graph/metadata.py).
inline constexpr std::string_view kRunGraphTag = "__run_graph__";
/// The tag of a run's meta_graph_def where that is its only graph; TensorBoard has no name for it.
inline constexpr std::string_view kMetaGraphTag = "__meta_graph__";

/// What the first value of a (run, tag) says about all of them. Texts are valid UTF-8, `content` is bytes.
struct SeriesMetadata {
  std::string plugin_name;
  std::string content;
  std::string display_name;
  std::string description;
  DataClass data_class = DataClass::kUnknown;
  /// `data_class` was not written but follows from the plugin; then a value without tensor still is a point
  /// of hparams.
  bool data_class_inferred = false;

  bool operator==(const SeriesMetadata&) const = default;
};

/// Metadata of a series from its first value. `metadata` is the serialized SummaryMetadata, empty if there is
/// none. Old-style values get the plugin that TensorBoard migrates them to (tensorboard/data_compat.py), and
/// a missing data class follows from the plugin (tensorboard/dataclass_compat.py).
SeriesMetadata MetadataOfFirst(Storage storage, std::string_view tag, Bytes metadata);

}  // namespace tensorpane
