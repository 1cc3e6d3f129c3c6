# h5tracks_headers(name directory out): a link to the directory from the build directory, as include path. The headers then have
# the same path relative to every build directory, wherever npm and the cache put them, so that builds in several checkouts
# share object files through a compiler cache. The path is short, because ccache takes the shortest relative path of a file.
function(h5tracks_headers name directory out)
  set(links ${CMAKE_BINARY_DIR}/include)
  file(MAKE_DIRECTORY ${links})
  file(CREATE_LINK ${directory} ${links}/${name} SYMBOLIC)
  set(${out} ${links}/${name} PARENT_SCOPE)
endfunction()
