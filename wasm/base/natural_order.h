#pragma once

#include <string_view>

namespace tensorpane {

/// Order in which names with numbers are read: run9 before run10, digits before anything else. The order of
/// run names in `tensorpane dump`. Ties (a1, a01) fall to the order of bytes, so that it is total.
bool NaturalLess(std::string_view a, std::string_view b);

}  // namespace tensorpane
