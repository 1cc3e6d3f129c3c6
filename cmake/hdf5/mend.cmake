# What files bring out in HDF5, mended in the source that we build: each place was found by a file that crashed or hung us,
# and becomes an error that HDF5 reports as any other. Each mend is a file of mend/, which says what the file does, which
# test shows it and where HDF5's own developers know of it. Included with `source` set to the unpacked tree.

# h5tracks_mend(file before after [file before after ...]): replaces whole lines, which are in their file exactly once. All
# of a mend is done or nothing. A source that the builder names may differ there: it is built as it is, and said so.
function(h5tracks_mend)
  get_filename_component(mend ${CMAKE_CURRENT_LIST_FILE} NAME_WE)
  math(EXPR last "${ARGC} - 1")
  foreach(i RANGE 0 ${last} 3)
    math(EXPR j "${i} + 1")
    file(READ ${source}/${ARGV${i}} text)
    string(FIND "${text}" "${ARGV${j}}" first)
    string(FIND "${text}" "${ARGV${j}}" final REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL final)
      set(problem "hdf5: ${ARGV${i}} is not the text that the mend ${mend} is for")
      if(arg_NAMED)
        message(WARNING "${problem}; the mend is left out")
        return()
      endif()
      message(FATAL_ERROR "${problem}")
    endif()
  endforeach()
  foreach(i RANGE 0 ${last} 3)
    math(EXPR j "${i} + 1")
    math(EXPR k "${i} + 2")
    file(READ ${source}/${ARGV${i}} text)
    string(REPLACE "${ARGV${j}}" "${ARGV${k}}" text "${text}")
    file(WRITE ${source}/${ARGV${i}} "${text}")
  endforeach()
endfunction()

file(GLOB mends ${CMAKE_CURRENT_LIST_DIR}/mend/*.cmake)
foreach(mend IN LISTS mends)
  include(${mend})
endforeach()
