// The tests compile the same sources several times, in several directories. With ccache on the PATH each is compiled once.
import { spawnSync } from 'node:child_process'

/**
 * Environment variables with which a build in the directory `root` takes and leaves object files. None without ccache.
 *
 * @param {string} root
 */
export function compilerCache(root) {
  const { status, stdout } = spawnSync('ccache', ['--get-config', 'cache_dir'], { encoding: 'utf8' })
  if (status !== 0) return {}
  return {
    // Said here, for a build may have a HOME of its own.
    CCACHE_DIR: stdout.trim(),
    CMAKE_C_COMPILER_LAUNCHER: 'ccache',
    CMAKE_CXX_COMPILER_LAUNCHER: 'ccache',
    // Paths below it are relative for ccache, so that another directory finds what was compiled in this one.
    CCACHE_BASEDIR: root,
    CCACHE_NOHASHDIR: '1',
  }
}
