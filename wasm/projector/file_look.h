#pragma once

#include <memory>
#include <optional>
#include <string>

#include "archive/zip_entry_reader.h"
#include "bundle/bundle_index.h"
#include "projector/tensor_source.h"

namespace tensorpane {

struct ProjectorConfig;

/// Says what a file is by its bytes, as JSON of `Looked` (web/src/engine/embeddings/embeddings.ts). Driven as
/// TensorSource is.
class FileLook {
 public:
  /// @param files must outlive it
  FileLook(const FileTable& files, size_t file);

  bool Next(FileRange* range);
  void Provide(Bytes bytes);

  std::string Take() { return std::move(text_); }
  /// Of a checkpoint what its .index says; else null.
  std::shared_ptr<const BundleIndex> index() const { return index_; }

 private:
  enum class State : uint8_t { kStart, kRest, kFooter, kIndex, kDirectory, kArrays, kDone };

  const FileTable::File& file() const { return files_.at(file_); }
  void Done(std::string text);
  void DoneNone(std::string_view fault);
  void LookAtStart();
  /// False: it is no text that is known.
  bool LookAtText();
  void EndIndex();
  /// True: `range` is wanted; false: all arrays were looked at.
  bool NextArray(FileRange* range);
  std::string DescribeConfig(const ProjectorConfig& config, const ProjectorProblem& problem) const;

  const FileTable& files_;
  size_t file_;
  State state_ = State::kStart;
  FileRange range_;
  std::string start_;
  bool is_whole_ = false;
  uint64_t lines_ = 0;  // of a text that was seen whole
  std::optional<BundleIndexReader> reading_;
  std::shared_ptr<const BundleIndex> index_;
  std::optional<ZipDirectory> directory_;
  size_t entry_ = 0;
  std::optional<ZipEntryReader> entry_reader_;
  std::vector<uint8_t> held_;
  std::string array_start_;
  std::string arrays_;  // JSON of those that were looked at
  std::string text_;
};

}  // namespace tensorpane
