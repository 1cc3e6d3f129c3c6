# The headers of Node-API, from the npm packages node-api-headers and node-addon-api, so nothing of Node is downloaded.
# cmake-js passes their directories; a plain `cmake` run asks node.
if(CMAKE_JS_INC)
  set(directories ${CMAKE_JS_INC})
else()
  set(script "console.log([require('node-api-headers').include_dir, require('node-addon-api').include_dir].join(';'))")
  execute_process(COMMAND node -e "${script}" WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    OUTPUT_VARIABLE directories OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "The npm packages node-api-headers and node-addon-api are missing. Run `npm install` first.")
  endif()
endif()

add_library(node-api INTERFACE)
foreach(directory IN LISTS directories)
  get_filename_component(directory "${directory}" ABSOLUTE)
  set(name node)
  if(EXISTS ${directory}/napi.h)
    set(name napi)
  endif()
  h5tracks_headers(${name} ${directory} include)
  target_include_directories(node-api SYSTEM INTERFACE ${include})
endforeach()
