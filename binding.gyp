# The door for node-gyp, prebuildify and node-gyp-build. The build itself is described in CMakeLists.txt.
{
  'targets': [{
    'target_name': 'h5tracks',
    'type': 'none',
    'actions': [{
      'action_name': 'cmake',
      'inputs': [],
      'outputs': ['<(PRODUCT_DIR)/h5tracks.node'],
      # Not build/ itself: node-gyp keeps its own Makefile there.
      'action': [
        'node', 'scripts/build-native.mjs', '--out', 'build/cmake',
        '-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=<(module_root_dir)/build/Release',
      ],
    }],
  }],
}
