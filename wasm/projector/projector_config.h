#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projector/problem.h"

namespace tensorpane {

class JsonWriter;

// The messages of tensorboard/plugins/projector/projector_config.proto (proto3: an empty string or zero is
// not set). Text is valid UTF-8.

struct SpriteMetadata {
  std::string image_path;
  std::vector<uint32_t> single_image_dim;  ///< [width, height] of one thumbnail, in pixels
};

struct EmbeddingInfo {
  std::string tensor_name;
  std::string metadata_path;
  std::string bookmarks_path;
  std::vector<uint32_t> tensor_shape;  ///< [rows, columns]
  std::optional<SpriteMetadata> sprite;
  std::string tensor_path;
};

struct ProjectorConfig {
  std::string model_checkpoint_path;
  std::vector<EmbeddingInfo> embeddings;
  std::string model_checkpoint_dir;
};

/// Embeddings of one config that are read: a list of empty ones costs the text little and memory much.
constexpr size_t kMaxEmbeddings = 100'000;

/// Reads a projector_config.pbtxt. Fields that are not known are skipped. A field that is set twice has its
/// last value, and a second sprite is merged into the first, as on the wire; TensorBoard shows nothing then.
/// If there is a problem, `config` has what stands before it.
ProjectorProblem ParseProjectorConfig(std::string_view text, ProjectorConfig* config);

/// Reads a config of the public projector: the same messages in protobuf's JSON form ({"embeddings":
/// [{"tensorName", "tensorPath", …}]}; projector.tensorflow.org, "Publish"). Names with underscores are taken
/// too. False: the text is no JSON, or an object without embeddings.
bool ParseProjectorJson(std::string_view json, ProjectorConfig* config);

/// http:// or https://
bool IsUrl(std::string_view path);

/// How a tensor file is written; its name tells. (A revision of torch's add_embedding wrote tensors.npy.)
enum class TensorForm : uint8_t {
  kTsv,  ///< TsvMatrixReader
  kNpy,  ///< ArrayReader::Npy; `.npy`
  kRaw,  ///< ArrayReader::Raw with tensor_shape; `.bytes`
};
TensorForm FormOfTensor(std::string_view tensor_path);

/// Prints it as protobuf's JSON form with original field names, by field number: only what is set.
void WriteProjectorConfigJson(const ProjectorConfig& config, JsonWriter* json);

/// The place of a file that a config names: `path` below `directory`, that of the config ("" or "." is the
/// root). Nothing if it is empty or leads out: "..", absolute, with a drive letter or a NUL; TensorBoard
/// since 2.21 does the same. A backslash separates, as torch writes it on Windows. Nothing is decoded: "%2f"
/// is part of a name.
std::optional<std::string> PathInConfigDirectory(std::string_view directory, std::string_view path);

}  // namespace tensorpane
