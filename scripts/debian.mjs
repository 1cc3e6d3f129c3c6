// Debian's packages: which are installed, and installing others.
import { spawnSync } from 'node:child_process'

/**
 * Whether a package is installed.
 *
 * @param {string} name
 */
export function isInstalled(name) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own format
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}', name], { encoding: 'utf8' })
  return status === 0 && stdout.startsWith('ii')
}

/**
 * Installs packages with apt, as root.
 *
 * @param {(command: string, args: string[], env: Record<string, string>) => void} run
 * @param {readonly string[]} names
 */
export function installPackages(run, names) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-q'], env)
  run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...names], env)
}
