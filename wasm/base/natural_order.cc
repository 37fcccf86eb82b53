#include "base/natural_order.h"

#include <algorithm>

namespace tensorpane {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Cuts the longest start of `rest` that is (not) digits.
std::string_view TakePart(std::string_view& rest, bool digits) {
  const auto end = std::find_if(rest.begin(), rest.end(), [digits](char c) { return IsDigit(c) != digits; });
  const std::string_view part = rest.substr(0, end - rest.begin());
  rest.remove_prefix(part.size());
  return part;
}

int CompareNumbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

}  // namespace

bool NaturalLess(std::string_view a, std::string_view b) {
  std::string_view rest_a = a, rest_b = b;
  for (bool digits = false; !rest_a.empty() || !rest_b.empty(); digits = !digits) {
    const std::string_view part_a = TakePart(rest_a, digits), part_b = TakePart(rest_b, digits);
    if (digits && (part_a.empty() || part_b.empty())) return part_a.empty();
    const int order = digits ? CompareNumbers(part_a, part_b) : part_a.compare(part_b);
    if (order != 0) return order < 0;
  }
  return a < b;
}

}  // namespace tensorpane
