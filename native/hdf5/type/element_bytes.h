// Loads and stores the bytes of a number in a file or in memory, in any byte order, as one integer.
#pragma once

#include <hdf5.h>

#include <array>
#include <optional>

namespace h5tracks::hdf5 {

__extension__ typedef unsigned __int128 Uint128;

constexpr unsigned kWordBits = 128;

// A number with the `count` lowest bits set.
constexpr Uint128 ones(unsigned count) { return count >= kWordBits ? ~Uint128{0} : (Uint128{1} << count) - 1; }

class ElementBytes {
 public:
  // None for more than 16 bytes. The caller holds the Lock.
  static std::optional<ElementBytes> of(hid_t type) {
    ElementBytes bytes;
    const H5T_order_t order = H5Tget_order(type);
    bytes.size_ = H5Tget_size(type);
    const bool known = order == H5T_ORDER_LE || order == H5T_ORDER_BE || order == H5T_ORDER_NONE ||
                       (order == H5T_ORDER_VAX && bytes.size_ % 2 == 0);
    if (bytes.size_ == 0 || bytes.size_ > bytes.at_.size() || !known) return {};
    for (std::size_t i = 0; i < bytes.size_; ++i) bytes.at_[i] = static_cast<unsigned char>(bytes.place(i, order));
    return bytes;
  }

  std::size_t size() const { return size_; }

  template <typename Word>
  Word load(const unsigned char* bytes) const {
    Word word = 0;
    for (std::size_t i = 0; i < size_; ++i) word |= static_cast<Word>(bytes[at_[i]]) << (8 * i);
    return word;
  }

  template <typename Word>
  void store(Word word, unsigned char* bytes) const {
    for (std::size_t i = 0; i < size_; ++i) bytes[at_[i]] = static_cast<unsigned char>(word >> (8 * i));
  }

 private:
  ElementBytes() = default;

  std::size_t place(std::size_t i, H5T_order_t order) const {
    if (order == H5T_ORDER_BE) return size_ - 1 - i;
    // In VAX order, 16-bit words are little-endian but follow one another in big-endian order.
    if (order == H5T_ORDER_VAX) return size_ - 2 - (i & ~std::size_t{1}) + (i & 1);
    return i;
  }

  std::size_t size_ = 0;
  std::array<unsigned char, 16> at_{};  // offsets of the bytes, the lowest byte first
};

}  // namespace h5tracks::hdf5
