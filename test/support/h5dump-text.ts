import { output } from './process.js'

/**
 * What `h5dump -p` prints of a file, without what two equal files need not share: its name, where things lie and how many bytes
 * they take.
 */
export async function h5dumpText(path: string, ...options: string[]): Promise<string> {
  const text = await output('h5dump', ['-p', ...options, path])
  return text.replace(/^HDF5 ".*" \{/m, 'HDF5 {').replaceAll(/^ *(SIZE|OFFSET) .*\n/gm, '')
}
