#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "events/event.h"

namespace tensorpane {

class JsonWriter;

/// What one value of a series that is not scalar holds, as JSON in the schema of a dump.
struct DescribedValue {
  std::string value;                          ///< what stands in `values`
  std::string_view dtype;                     ///< name of the tensor's dtype; empty = it could not be decoded
  std::optional<std::vector<int64_t>> shape;  ///< of the tensor
  std::string declared;                       ///< images: the sizes that the writer tells
  std::string v1;      ///< old-style histograms: min, max, num, sum, sum of squares, buckets
  std::string layout;  ///< custom scalars: the layout
};

/// Describes the payload of a value: `plugin` of its series, and how it is stored. `graph_shapes`: tensors of
/// graph plugins have rank 1 (dataclass_compat.py makes it so where the data class is not written).
DescribedValue DescribeValue(std::string_view plugin, Storage storage, Bytes payload, bool graph_shapes);

/// What stands in `content` for the plugin data of a series.
std::string DescribeContent(std::string_view plugin, Bytes content);

/// Describes an encoded image: {sha256, bytes, mime, width, height, frames}, or an error in place of the last
/// three.
void WriteImage(Bytes bytes, JsonWriter* json);

}  // namespace tensorpane
