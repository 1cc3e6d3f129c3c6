#include "system/process/residence.h"

namespace h5tracks::system {

// The linker has marked the addon (-z nodelete).
void keep_loaded() {}

}  // namespace h5tracks::system
