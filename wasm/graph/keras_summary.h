#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace tensorpane {

class JsonWriter;

/// What the JSON of a Keras model holds: Keras' `model.to_json()`, the conceptual graph of a log. Keras 2 and
/// 3 differ in what they write beside the names, which is not read here. Texts are valid UTF-8.
struct KerasSummary {
  /// More layers than a model can have; a longer list is an error.
  static constexpr size_t kMaxLayers = 1 << 20;

  Bytes source;                           ///< the JSON, owned and kept by the caller
  std::optional<std::string> class_name;  ///< of the model: "Sequential", "Functional" …
  /// Names of the layers of all levels, depth first, a model before its own layers. A layer's name is its
  /// `name` or, where that is missing or empty, that of its config.
  std::vector<std::optional<std::string>> layer_names;
  std::vector<uint32_t> nested;  ///< indices of the layers that are models
  /// Why it could not be read, empty if it was; what was read before stays.
  std::string_view error;

  /// {bytes, sha256, class_name, layers, layer_names, nested}, `layers` a number and `nested` names; or
  /// {bytes, sha256, error}.
  void WriteJson(JsonWriter* json) const;
};

/// Describes the JSON of a Keras 2 or 3 model. Models nest as deep as JsonReader::kMaxDepth lets them.
KerasSummary DescribeKeras(Bytes json);

}  // namespace tensorpane
