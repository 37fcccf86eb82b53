#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "dump/describe_checkpoints.h"
#include "dump/file_beside.h"
#include "projector/array_reader.h"
#include "projector/projector_config.h"
#include "projector/table_reader.h"
#include "projector/tsv.h"

namespace tensorpane {

/// Describes the projector configs among files, and the tensors, metadata and sprites that they name, as
/// JSON: the array `projector` of a dump; and checkpoints, which configs name too: its array `checkpoints`.
/// Tensors and metadata of any size are read in pieces and not kept. Whoever has the files reads what is
/// asked for.
class ProjectorDescriber {
 public:
  enum class Status : uint8_t {
    kNeed,  ///< Provide the bytes of request().
    kDone,  ///< Take the text.
  };
  static constexpr uint64_t kPieceBytes = 1 << 20;

  explicit ProjectorDescriber(std::vector<FileBeside> files);

  Status Describe();
  /// At most kPieceBytes.
  const FileRequest& request() const { return request_; }
  /// The bytes of request(); fewer = the file became shorter.
  Status Provide(Bytes bytes);
  std::string Take() { return json_.Take(); }
  std::string TakeCheckpoints() { return checkpoints_.Take(); }

 private:
  /// What is read, in the order of reading: a config, then of each of its embeddings these.
  enum class Part : uint8_t { kConfig, kTensor, kMetadata, kSprite };

  const EmbeddingInfo& embedding() const { return config_.embeddings[embedding_]; }
  const FileBeside& file() const { return files_[request_.file]; }
  const std::string& PathOf(Part part) const;

  /// Goes on to the next part; false = there is none.
  bool Next();
  /// Whether the part is in a file that has to be read.
  bool Begin();
  void Feed(Bytes bytes);
  void Finish();

  std::string DescribeTensor();
  std::string DescribeMetadata();
  std::string DescribeSprite();
  void BeginConfig();
  void EndConfig();
  void AddToEmbedding(std::string_view members);
  void EndEmbedding();

  std::vector<FileBeside> files_;
  CheckpointDescriber checkpoints_;
  bool in_checkpoints_ = true;
  std::map<std::string_view, size_t> by_path_;
  std::vector<size_t> configs_;  // in order of path
  JsonWriter json_;

  // Where it is.
  size_t config_at_ = 0;
  bool in_config_ = false;
  size_t embedding_ = 0;
  Part part_ = Part::kConfig;
  FileRequest request_{};
  bool reading_ = false;

  ProjectorConfig config_;
  std::string directory_;  // of the config
  std::string members_;    // of the JSON object of the embedding, so far
  std::vector<std::string> missing_;
  /// What was said of a file, by what was asked: a config may name one many times.
  std::map<std::string, std::string> described_;
  std::string asked_;
  uint64_t told_ = 0;  // bytes of members

  // Readers of the file.
  std::string whole_;
  std::optional<TsvTable> table_;
  std::optional<TableReader> rows_;
  std::optional<ArrayReader> array_;
};

}  // namespace tensorpane
