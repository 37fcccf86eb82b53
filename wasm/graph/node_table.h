#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/all_names.h"

namespace tensorpane {

/// All ops of a graph as a table of which some rows are seen: only these are put in order.
class NodeTable {
 public:
  explicit NodeTable(AllNames& names) : names_(names), forest_(names.forest()) {}

  /// TablePage of web/src/engine/graphs/graphs.ts. What is not known comes last, whichever way the rest is.
  /// @param query TableQuery as JSON
  /// @return false = stopped, or `query` is none
  bool PageJson(std::string_view query, const std::function<bool()>& stop, std::string* text);

 private:
  struct Row {
    uint32_t reached;  // index in names_.reached()
    NodeIndex op;
  };
  struct Query;

  bool Filter(const std::string& query, const std::function<bool()>& stop);
  void Order(const Query& query, size_t from, size_t end);
  void RankTexts();
  std::string RowJson(const Row& row);

  AllNames& names_;
  Forest& forest_;
  std::string filter_;  // what rows_ are of
  bool is_filtered_ = false;
  std::string problem_;
  std::vector<Row> rows_;
  std::vector<uint32_t> order_;       // of rows_; the last page of it is in order
  std::vector<uint32_t> text_ranks_;  // of ops and devices, by natural order
};

}  // namespace tensorpane
