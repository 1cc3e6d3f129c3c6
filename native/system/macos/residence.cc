#include "system/process/residence.h"

#include <dlfcn.h>

namespace h5tracks::system {

// Opens the addon once more and never closes it: Node closes it when the only thread that loaded it, a worker, ends.
void keep_loaded() {
  Dl_info self;
  if (::dladdr(reinterpret_cast<const void*>(&keep_loaded), &self) != 0) {
    static_cast<void>(::dlopen(self.dli_fname, RTLD_LAZY | RTLD_NOLOAD));
  }
}

}  // namespace h5tracks::system
