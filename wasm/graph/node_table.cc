#include "graph/node_table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/natural_order.h"
#include "graph/node_query.h"
#include "graph/outline.h"

namespace tensorpane {
namespace {

enum class Column : uint8_t { kName, kOp, kDevice, kShape, kTime, kMemory };
constexpr std::string_view kColumns[] = {"name", "op", "device", "shape", "time", "memory"};

constexpr size_t kMostRows = 10'000;
constexpr size_t kBetweenStops = 4096;

double ValueOf(const std::vector<double>& column, NodeIndex op) { return column.empty() ? NAN : column[op]; }

ShapeId FirstShape(const GraphBody& body, NodeIndex op) {
  return body.output_begin[op] == body.output_begin[op + 1] ? 0 : body.outputs[body.output_begin[op]];
}

}  // namespace

struct NodeTable::Query {
  std::string query;
  Column sort = Column::kName;
  bool descending = false;
  size_t from = 0, count = 0;

  static std::optional<Query> Read(std::string_view json);
};

std::optional<NodeTable::Query> NodeTable::Query::Read(std::string_view text) {
  using Token = JsonReader::Token;
  Query query;
  JsonReader reader(AsBytes(text));
  if (reader.Next() != Token::kBeginObject) return {};
  for (Token token; (token = reader.Next()) != Token::kEndObject;) {
    if (token != Token::kKey) return {};
    const std::string key = reader.text();
    const Token value = reader.Next();
    const auto number = [&reader] { return static_cast<size_t>(std::clamp(reader.number(), 0.0, 1e9)); };
    if (key == "query" && value == Token::kText) {
      query.query = reader.text();
    } else if (key == "sort" && value == Token::kText) {
      const auto found = std::find(std::begin(kColumns), std::end(kColumns), reader.text());
      if (found == std::end(kColumns)) return {};
      query.sort = static_cast<Column>(found - std::begin(kColumns));
    } else if (key == "descending") {
      query.descending = value == Token::kTrue;
    } else if (key == "from" && value == Token::kNumber) {
      query.from = number();
    } else if (key == "count" && value == Token::kNumber) {
      query.count = std::min(number(), kMostRows);
    } else if (!reader.Skip(value)) {
      return {};
    }
  }
  return query;
}

bool NodeTable::Filter(const std::string& text, const std::function<bool()>& stop) {
  if (is_filtered_ && filter_ == text) return true;
  NodeQuery query(forest_.graph(), text);
  is_filtered_ = false;
  rows_.clear();
  problem_ = query.problem();
  size_t looked_at = 0;
  for (uint32_t i = 0; i < names_.reached().size() && problem_.empty(); ++i) {
    const AllNames::Reached& in = names_.reached()[i];
    const GraphBody& body = forest_.body(in.body);
    query.Enter(body, forest_.tree(in.body), in.prefix);
    for (NodeIndex op = 0; op < body.size(); ++op) {
      if (++looked_at % kBetweenStops == 0 && stop()) return false;
      if (query.Matches(op)) rows_.push_back({i, op});
    }
  }
  filter_ = text;
  is_filtered_ = true;
  order_.resize(rows_.size());
  return true;
}

void NodeTable::RankTexts() {
  if (!text_ranks_.empty()) return;
  const Graph& graph = forest_.graph();
  std::vector<bool> is_used(graph.texts.size(), false);
  for (const GraphBody& body : graph.bodies) {
    for (const TextId text : body.ops) is_used[text] = true;
    for (const TextId text : body.devices) is_used[text] = true;
  }
  std::vector<TextId> used;
  for (TextId text = 0; text < is_used.size(); ++text) {
    if (is_used[text]) used.push_back(text);
  }
  std::sort(used.begin(), used.end(),
            [&](TextId a, TextId b) { return NaturalLess(forest_.text(a), forest_.text(b)); });
  text_ranks_.assign(graph.texts.size(), 0);
  for (size_t i = 0; i < used.size(); ++i) text_ranks_[used[i]] = static_cast<uint32_t>(i);
}

/// Puts the rows from `from` to before `end` where they belong, and others somewhere on their side of these.
void NodeTable::Order(const Query& query, size_t from, size_t end) {
  for (size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<uint32_t>(i);
  const auto body_of = [this](const Row& row) -> const GraphBody& {
    return forest_.body(names_.reached()[row.reached].body);
  };
  // One sort for all columns: it is large, and a call more for each comparison costs little.
  const auto sort = [&](const std::function<int(const Row&, const Row&)>& less) {
    const auto ordered = [&](uint32_t a, uint32_t b) {
      const int order = less(rows_[a], rows_[b]);
      return order != 0 ? order < 0 : a < b;
    };
    const auto first = order_.begin() + static_cast<ptrdiff_t>(from),
               last = order_.begin() + static_cast<ptrdiff_t>(end);
    if (first == last) return;
    if (last != order_.end()) std::nth_element(order_.begin(), last, order_.end(), ordered);
    if (first != order_.begin()) std::nth_element(order_.begin(), first, last, ordered);
    std::sort(first, last, ordered);
  };
  const int way = query.descending ? -1 : 1;
  const auto by_number = [&](const auto& value_of) {
    sort([&](const Row& a, const Row& b) {
      const double x = value_of(a), y = value_of(b);
      if (std::isnan(x) || std::isnan(y)) return int(std::isnan(x)) - int(std::isnan(y));
      return x == y ? 0 : x < y ? -way : way;
    });
  };
  switch (query.sort) {
    case Column::kName:
      sort([&](const Row& a, const Row& b) {
        const auto compare = [way](std::string_view x, std::string_view y) {
          return NaturalLess(x, y) ? -way : NaturalLess(y, x) ? way : 0;
        };
        const AllNames::Reached &in_a = names_.reached()[a.reached], &in_b = names_.reached()[b.reached];
        if (a.reached == b.reached) {
          return compare(forest_.text(body_of(a).names[a.op]), forest_.text(body_of(b).names[b.op]));
        }
        return compare(names_.PathOf(in_a, forest_.tree(in_a.body).of(a.op)),
                       names_.PathOf(in_b, forest_.tree(in_b.body).of(b.op)));
      });
      break;
    case Column::kOp:
    case Column::kDevice: {
      RankTexts();
      const bool by_op = query.sort == Column::kOp;
      by_number([&](const Row& row) {
        const GraphBody& body = body_of(row);
        const TextId text = by_op ? body.ops[row.op] : body.devices[row.op];
        return text == kNoText ? double{NAN} : double(text_ranks_[text]);
      });
      break;
    }
    case Column::kShape:
      by_number([&](const Row& row) {
        const TensorShape& shape = forest_.graph().shapes[FirstShape(body_of(row), row.op)];
        return shape.text == kNoText ? double{NAN} : shape.elements;
      });
      break;
    case Column::kTime:
      by_number([&](const Row& row) { return ValueOf(body_of(row).compute_micros, row.op); });
      break;
    case Column::kMemory:
      by_number([&](const Row& row) { return ValueOf(body_of(row).memory_bytes, row.op); });
      break;
  }
}

std::string NodeTable::RowJson(const Row& row) {
  const AllNames::Reached& in = names_.reached()[row.reached];
  const GraphBody& body = forest_.body(in.body);
  const TensorShape& shape = forest_.graph().shapes[FirstShape(body, row.op)];
  JsonWriter json;
  json.BeginObject();
  json.Key("path");
  json.Text(names_.PathOf(in, forest_.tree(in.body).of(row.op)));
  json.Key("op");
  json.Text(forest_.text(body.ops[row.op]));
  json.Key("device");
  json.Text(forest_.text(body.devices[row.op]));
  json.Key("shape");
  json.Text(forest_.text(shape.text));
  json.Key("micros");
  json.Double(ValueOf(body.compute_micros, row.op));
  json.Key("memory");
  json.Double(ValueOf(body.memory_bytes, row.op));
  json.Key("difference");
  json.Text(Name(body.differences.empty() ? Difference::kSame : body.differences[row.op]));
  json.EndObject();
  return json.Take();
}

bool NodeTable::PageJson(std::string_view text, const std::function<bool()>& stop, std::string* answer) {
  const std::optional<Query> query = Query::Read(text);
  if (!query || !Filter(query->query, stop)) return false;
  const size_t from = std::min(query->from, rows_.size());
  const size_t end = from + std::min(query->count, rows_.size() - from);
  Order(*query, from, end);
  JsonWriter json;
  json.BeginObject();
  json.Key("total");
  json.Unsigned(rows_.size());
  json.Key("problem");
  json.Text(problem_);
  json.Key("rows");
  json.BeginArray();
  for (size_t i = from; i < end; ++i) json.Raw(RowJson(rows_[order_[i]]));
  json.EndArray();
  json.EndObject();
  *answer = json.Take();
  return true;
}

}  // namespace tensorpane
