#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "bundle/variable_reader.h"
#include "dump/file_beside.h"

namespace tensorpane {

/// Describes the TensorFlow checkpoints among files as JSON: the array `checkpoints` of a dump, with the
/// SHA-256 of each variable. Whoever has the files reads what is asked for.
class CheckpointDescriber {
 public:
  /// Of larger variables only shape and dtype are told.
  static constexpr uint64_t kMaxVariableBytes = 64 << 20;

  /// @param files must outlive it
  explicit CheckpointDescriber(const std::vector<FileBeside>& files);

  /// False = all is described; else provide the bytes of request().
  bool Describe();
  const FileRequest& request() const { return request_; }
  /// The bytes of request(); fewer = the file became shorter.
  void Provide(Bytes bytes);

  std::string Take() { return json_.Take(); }
  /// {variable: shape} of the checkpoint whose .index has this path; nothing if there is none.
  const std::string* ShapesOf(const std::string& index_path) const;

 private:
  /// Goes on to the next .index; false = there is none.
  bool BeginCheckpoint();
  void EndIndex();
  void BeginVariable();
  void EndVariable(BundleFault fault);
  void EndCheckpoint();

  const std::vector<FileBeside>& files_;
  std::map<std::string_view, size_t> by_path_;
  std::vector<size_t> indices_;  // files that may be an .index, in natural order
  std::map<std::string, std::string> shapes_;
  JsonWriter json_;
  FileRequest request_{};

  // Where it is.
  size_t next_ = 0;
  std::optional<BundleIndexReader> reading_;
  BundleIndex index_;
  size_t variable_ = 0;
  std::optional<VariableReader> variable_reader_;
  std::string bytes_;
};

}  // namespace tensorpane
