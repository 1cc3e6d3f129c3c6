#include "hdf5/description/columns.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include "hdf5/core/call.h"
#include "system/memory.h"

namespace h5tracks::hdf5 {

namespace {

using Kind = ColumnLayout::Kind;

ColumnLayout record_of(hid_t type, ColumnLayout layout, bool raw) {
  const int members = call<H5Tget_nmembers>(type);
  for (int i = 0; i < members; ++i) {
    const auto index = static_cast<unsigned>(i);
    layout.offsets.push_back(H5Tget_member_offset(type, index));
    layout.parts.push_back(column_layout_of(TypeId(call<H5Tget_member_type>(type, index)).get(), raw));
  }
  layout.kind = Kind::kRecord;
  return layout;
}

ColumnLayout plain(std::size_t size) {
  ColumnLayout layout;
  layout.size = size;
  return layout;
}

bool has_variable(const ColumnLayout& layout) {
  return layout.kind == Kind::kText || layout.kind == Kind::kSequence || layout.kind == Kind::kReference ||
         std::any_of(layout.parts.begin(), layout.parts.end(), has_variable);
}

ColumnLayout array_of(hid_t type, ColumnLayout layout, bool raw) {
  ColumnLayout inner = column_layout_of(TypeId(call<H5Tget_super>(type)).get(), raw);
  if (inner.kind == Kind::kPlain) return layout;
  layout.kind = Kind::kRepeated;
  layout.repeat = inner.size == 0 ? 0 : layout.size / inner.size;
  layout.parts.push_back(std::move(inner));
  return layout;
}

template <std::size_t Size>
void copy_strided(unsigned char* to, const unsigned char* from, std::size_t stride, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) std::memcpy(to + i * Size, from + i * stride, Size);
}

void gather_plain(std::size_t size, const unsigned char* from, std::size_t stride, std::size_t count, Bytes& into) {
  if (size == stride) {
    into.insert(into.end(), from, from + count * size);
    return;
  }
  const std::size_t before = into.size();
  into.resize(before + count * size);
  unsigned char* to = into.data() + before;
  if (size == 8) return copy_strided<8>(to, from, stride, count);
  if (size == 4) return copy_strided<4>(to, from, stride, count);
  if (size == 2) return copy_strided<2>(to, from, stride, count);
  if (size == 1) return copy_strided<1>(to, from, stride, count);
  for (std::size_t i = 0; i < count; ++i) std::memcpy(to + i * size, from + i * stride, size);
}

void gather_references(const unsigned char* from, std::size_t stride, std::size_t count, Column& into) {
  if (into.offsets.empty()) into.offsets.push_back(0);
  for (std::size_t i = 0; i < count; ++i) {
    take_reference(from + i * stride, into.bytes);
    into.offsets.push_back(static_cast<double>(into.bytes.size()));
  }
}

void gather_text(const unsigned char* from, std::size_t stride, std::size_t count, Column& into) {
  if (into.offsets.empty()) into.offsets.push_back(0);
  for (std::size_t i = 0; i < count; ++i) {
    const char* text = nullptr;
    std::memcpy(&text, from + i * stride, sizeof text);
    if (text) into.bytes.insert(into.bytes.end(), text, text + std::strlen(text));
    into.bytes.push_back(0);
    into.offsets.push_back(static_cast<double>(into.bytes.size()));
  }
}

void gather_sequences(const ColumnLayout& items, const unsigned char* from, std::size_t stride, std::size_t count,
                      Column& into) {
  if (into.offsets.empty()) into.offsets.push_back(0);
  into.parts.resize(1);
  for (std::size_t i = 0; i < count; ++i) {
    hvl_t sequence;
    std::memcpy(&sequence, from + i * stride, sizeof sequence);
    const std::size_t length = sequence.p ? sequence.len : 0;
    gather(items, static_cast<const unsigned char*>(sequence.p), items.size, length, into.parts[0]);
    into.offsets.push_back(into.offsets.back() + static_cast<double>(length));
  }
}

DynamicValue offsets_value(const std::vector<double>& offsets) {
  static const std::vector<double> kNone(1, 0.0);
  const auto& given = offsets.empty() ? kNone : offsets;
  Bytes bytes(given.size() * sizeof(double));
  std::memcpy(bytes.data(), given.data(), bytes.size());
  return DynamicValue::bytes(std::move(bytes));
}

// The offsets of a column to be written; checks that there are enough of them.
struct Offsets {
  Offsets(const DynamicValue& column, std::size_t first, std::size_t count) : view(column["offsets"].view()) {
    if ((first + count + 1) * sizeof(double) > view.size) {
      throw Error("ERR_INVALID_ARGUMENT", "fewer values are given than the selection has elements");
    }
  }
  std::size_t operator[](std::size_t at) const {
    double offset;
    std::memcpy(&offset, view.data + at * sizeof offset, sizeof offset);
    return static_cast<std::size_t>(offset);
  }
  View view;
};

}  // namespace

ColumnLayout column_layout_of(hid_t type, bool raw) {
  ColumnLayout layout;
  layout.size = call<H5Tget_size>(type);
  switch (call<H5Tget_class>(type)) {
    case H5T_STRING:
      if (call<H5Tis_variable_str>(type) > 0) layout.kind = Kind::kText;
      return layout;
    case H5T_REFERENCE:
      if (!is_new_reference(type)) return layout;
      if (raw)
        throw Error("ERR_UNSUPPORTED", "references of this kind have no bytes of their own; read them without raw");
      layout.kind = Kind::kReference;
      return layout;
    case H5T_VLEN:
      layout.kind = Kind::kSequence;
      layout.parts.push_back(column_layout_of(TypeId(call<H5Tget_super>(type)).get(), raw));
      return layout;
    case H5T_COMPOUND:
      layout = record_of(type, std::move(layout), raw);
      if (raw && !has_variable(layout)) return plain(layout.size);
      return layout;
    case H5T_ARRAY:
      return array_of(type, std::move(layout), raw);
    default:
      return layout;
  }
}

bool has_references(const ColumnLayout& layout) {
  return layout.kind == Kind::kReference || std::any_of(layout.parts.begin(), layout.parts.end(), has_references);
}

void reserve(const ColumnLayout& layout, std::size_t count, Column& into) {
  if (layout.kind == Kind::kPlain) {
    into.bytes.reserve(layout.size * count);
    system::prefer_large_pages(into.bytes.data(), into.bytes.capacity());
  }
  if (layout.kind != Kind::kRecord && layout.kind != Kind::kRepeated) return;
  into.parts.resize(layout.parts.size());
  for (std::size_t i = 0; i < layout.parts.size(); ++i) {
    reserve(layout.parts[i], count * (layout.kind == Kind::kRepeated ? layout.repeat : 1), into.parts[i]);
  }
}

void gather(const ColumnLayout& layout, const unsigned char* from, std::size_t stride, std::size_t count,
            Column& into) {
  switch (layout.kind) {
    case Kind::kPlain:
      return gather_plain(layout.size, from, stride, count, into.bytes);
    case Kind::kReference:
      return gather_references(from, stride, count, into);
    case Kind::kText:
      return gather_text(from, stride, count, into);
    case Kind::kSequence:
      return gather_sequences(layout.parts[0], from, stride, count, into);
    case Kind::kRecord:
      into.parts.resize(layout.parts.size());
      for (std::size_t i = 0; i < layout.parts.size(); ++i) {
        gather(layout.parts[i], from + layout.offsets[i], stride, count, into.parts[i]);
      }
      return;
    case Kind::kRepeated:
      into.parts.resize(1);
      for (std::size_t i = 0; i < count; ++i) {
        gather(layout.parts[0], from + i * stride, layout.parts[0].size, layout.repeat, into.parts[0]);
      }
      return;
  }
}

DynamicValue to_dynamic_value(const ColumnLayout& layout, Column column) {
  column.parts.resize(layout.parts.size());
  switch (layout.kind) {
    case Kind::kPlain:
      return DynamicValue::bytes(std::move(column.bytes));
    case Kind::kReference:
    case Kind::kText:
      return Map{{"bytes", DynamicValue::bytes(std::move(column.bytes))}, {"offsets", offsets_value(column.offsets)}};
    case Kind::kSequence:
      return Map{{"offsets", offsets_value(column.offsets)},
                 {"items", to_dynamic_value(layout.parts[0], std::move(column.parts[0]))}};
    case Kind::kRecord: {
      List columns;
      for (std::size_t i = 0; i < layout.parts.size(); ++i) {
        columns.push_back(to_dynamic_value(layout.parts[i], std::move(column.parts[i])));
      }
      return Map{{"columns", std::move(columns)}};
    }
    case Kind::kRepeated:
      return to_dynamic_value(layout.parts[0], std::move(column.parts[0]));
  }
  return {};
}

void drop_references(const ColumnLayout& layout, unsigned char* from, std::size_t stride, std::size_t count) {
  if (!has_references(layout)) return;
  for (std::size_t i = 0; i < count; ++i) {
    unsigned char* const element = from + i * stride;
    if (layout.kind == Kind::kReference) drop_reference(element);
    if (layout.kind == Kind::kRepeated) {
      drop_references(layout.parts[0], element, layout.parts[0].size, layout.repeat);
    } else if (layout.kind == Kind::kRecord) {
      for (std::size_t part = 0; part < layout.parts.size(); ++part) {
        drop_references(layout.parts[part], element + layout.offsets[part], stride, 1);
      }
    } else if (layout.kind == Kind::kSequence) {
      hvl_t sequence;
      std::memcpy(&sequence, element, sizeof sequence);
      if (!sequence.p) continue;
      drop_references(layout.parts[0], static_cast<unsigned char*>(sequence.p), layout.parts[0].size, sequence.len);
    }
  }
}

void* Arena::allocate(std::size_t bytes) {
  constexpr std::size_t kBlock = std::size_t{256} << 10, kAlign = alignof(std::max_align_t);
  bytes = (bytes + kAlign - 1) / kAlign * kAlign;
  if (bytes > most_ - taken_) {
    refused_ = true;
    return nullptr;
  }
  taken_ += bytes;
  if (bytes > free_) {
    free_ = std::max(kBlock, bytes);
    blocks_.emplace_back(new (std::nothrow) unsigned char[free_]);
    next_ = blocks_.back().get();
    if (!next_) {
      free_ = 0;
      return nullptr;
    }
  }
  void* given = next_;
  next_ += bytes;
  free_ -= bytes;
  return given;
}

void scatter(const ColumnLayout& layout, const DynamicValue& column, std::size_t first, std::size_t count,
             unsigned char* into, std::size_t stride, Arena& arena, References& references) {
  switch (layout.kind) {
    case Kind::kPlain: {
      const View view = column.view();
      if ((first + count) * layout.size > view.size) {
        throw Error("ERR_INVALID_ARGUMENT", "fewer values are given than the selection has elements");
      }
      const unsigned char* from = view.data + first * layout.size;
      for (std::size_t i = 0; i < count; ++i) std::memcpy(into + i * stride, from + i * layout.size, layout.size);
      return;
    }
    case Kind::kReference: {
      const Offsets offsets(column, first, count);
      const View view = column["bytes"].view();
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = offsets[first + i], end = offsets[first + i + 1];
        if (at > end || end > view.size)
          throw Error("ERR_INVALID_ARGUMENT", "the offsets of references lie outside of their bytes");
        references.make({view.data + at, end - at}, into + i * stride);
      }
      return;
    }
    case Kind::kText: {
      const Offsets offsets(column, first, count);
      const View view = column["bytes"].view();
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = offsets[first + i];
        if (at >= view.size || view.data[view.size - 1] != 0)
          throw Error("ERR_INVALID_ARGUMENT", "a text does not end with NUL");
        const unsigned char* text = view.data + at;
        std::memcpy(into + i * stride, &text, sizeof text);
      }
      return;
    }
    case Kind::kSequence: {
      const Offsets offsets(column, first, count);
      const ColumnLayout& items = layout.parts[0];
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = offsets[first + i], length = offsets[first + i + 1] - at;
        hvl_t sequence{length, nullptr};
        if (length > 0) {
          sequence.p = arena.allocate(length * items.size);
          if (!sequence.p) throw std::bad_alloc();
          scatter(items, column["items"], at, length, static_cast<unsigned char*>(sequence.p), items.size, arena,
                  references);
        }
        std::memcpy(into + i * stride, &sequence, sizeof sequence);
      }
      return;
    }
    case Kind::kRecord:
      for (std::size_t i = 0; i < layout.parts.size(); ++i) {
        scatter(layout.parts[i], column["columns"][static_cast<int>(i)], first, count, into + layout.offsets[i], stride,
                arena, references);
      }
      return;
    case Kind::kRepeated:
      for (std::size_t i = 0; i < count; ++i) {
        scatter(layout.parts[0], column, (first + i) * layout.repeat, layout.repeat, into + i * stride,
                layout.parts[0].size, arena, references);
      }
      return;
  }
}

}  // namespace h5tracks::hdf5
