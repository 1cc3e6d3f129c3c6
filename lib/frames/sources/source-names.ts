/** How a virtual dataset names the files that it shows. */
import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'

/** The folder of a file, without symbolic links; of an existing file, the folder in which it is stored. */
export function folderOf(path: string): string {
  return existsSync(path) ? dirname(realpathSync(path)) : realpathSync(dirname(resolve(path)))
}

/** The name by which a file in `folder` refers to the file at `path`: relative, so that both can be moved together. */
export function sourceName(folder: string, path: string): string {
  const place = join(realpathSync(dirname(resolve(path))), basename(path))
  return escaped(relative(folder, place))
}

/** HDF5 reads `%b` in the names of sources as the number of a block, and `%%` as a percent sign. */
export const escaped = (name: string): string => name.replaceAll('%', '%%')

/** Undoes {@link escaped}. Returns null for a name with a pattern, which stands for any number of sources. */
export function unescaped(name: string): string | null {
  const plain = name.replaceAll('%%', '\0')
  return plain.includes('%') ? null : plain.replaceAll('\0', '%')
}

/** The path of a source of a virtual dataset in a file that lies in `folder`. */
export const sourcePath = (folder: string, name: string): string => (isAbsolute(name) ? name : join(folder, name))
