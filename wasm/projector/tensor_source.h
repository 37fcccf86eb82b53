#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/zip_entry_reader.h"
#include "bundle/variable_reader.h"
#include "projector/array_reader.h"
#include "projector/table_reader.h"

namespace tensorpane {

struct Tensor;

/// Files that bytes can be asked of, by number.
class FileTable {
 public:
  static constexpr uint64_t kUnknownSize = uint64_t{1} << 53;
  struct File {
    std::string path;
    uint64_t size;  ///< kUnknownSize at most
  };
  size_t Add(std::string path, uint64_t size);
  const File& at(size_t file) const { return files_[file]; }
  std::optional<size_t> Find(std::string_view path) const;

 private:
  std::vector<File> files_;
  std::map<std::string, size_t, std::less<>> by_path_;
};

/// Bytes of a file, at most 1 MiB.
struct FileRange {
  size_t file = 0;
  uint64_t offset = 0;
  uint64_t length = 0;
};

/// What was read: a matrix of finite numbers, and what belongs to it.
struct ReadTensor {
  Matrix matrix;
  /// Rows of the source, with those that were left out.
  uint64_t source_rows = 0;
  /// Which of them the rows of the matrix are, ascending; empty = all.
  std::vector<uint32_t> rows;
  RowFaults faults;
  std::vector<std::string> names;  ///< of its columns, if they have names
  TextColumns texts;               ///< beside the numbers: a row for each of the matrix
  std::vector<std::string> text_names;
  /// Why there is nothing; '' = there is something. A name of ProjectorFault, BundleFault or ArchiveFault.
  std::string fault;
  ProjectorProblem problem;  ///< and its place

  /// Leaves rows out that are not finite.
  void KeepFinite();
  void Fail(std::string_view name);
};

/// How a tensor stands in a file: `TensorForm` of web/src/engine/embeddings/embeddings.ts.
struct TensorPlace {
  std::string path;
  std::string form;  ///< table, words, npy, npz, bytes, checkpoint
  std::string name;  ///< of the variable or array
  std::vector<uint32_t> shape;
};

/// Reads one tensor. Whoever has the files drives it:
///
///     while (source->Next(&range)) source->Provide(read(range));
///     Use(source->Take());
class TensorSource {
 public:
  /// @param files must outlive it; @param index of a checkpoint, if it is known
  static std::unique_ptr<TensorSource> Make(const FileTable& files, const TensorPlace& place,
                                            std::shared_ptr<const BundleIndex> index = nullptr);
  virtual ~TensorSource() = default;

  /// True: Provide() the bytes of `range`.
  virtual bool Next(FileRange* range) = 0;
  /// Fewer than were asked for = the file ends there.
  virtual void Provide(Bytes bytes) = 0;
  ReadTensor Take() { return std::move(tensor_); }

 protected:
  ReadTensor tensor_;
};

/// A decoded tensor of rank 2 (or 1) of real numbers as floats.
ReadTensor FromTensor(const Tensor& tensor);

}  // namespace tensorpane
