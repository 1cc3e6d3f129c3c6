// Objects that each thread has one of, destroyed when the thread ends. Not thread_local: GCC for Windows frees the
// memory of such objects before it destroys them.
#pragma once

namespace h5tracks::system {

// A pointer of each thread, null at first. `destroy` is called with one that is not null when its thread ends.
class ThreadSlot {
 public:
  // Throws std::bad_alloc if the process has no more of them.
  explicit ThreadSlot(void (*destroy)(void*));

  void* get() const;
  void set(void* object) const;

 private:
  unsigned long key_ = 0;
};

// `Name` tells apart objects of the same type.
template <typename T, typename Name = T>
T& per_thread() {
  static const ThreadSlot slot([](void* object) { delete static_cast<T*>(object); });
  void* object = slot.get();
  if (!object) {
    object = new T();
    slot.set(object);
  }
  return *static_cast<T*>(object);
}

}  // namespace h5tracks::system
