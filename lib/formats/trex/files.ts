/** Which files belong together: TRex writes one for each animal, called after the video. */
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A file of one animal. */
export interface AnimalFile {
  readonly path: string
  /** The video and what is in the file: 'clip' of `clip_fish3.npz`. */
  readonly prefix: string
  readonly id: number
}

const pattern = /^(.*?)_?(?:fish|id|individual)_?(\d+)\.(csv|npz)$/i

/** The animal that a file is called after; undefined for another name. */
export function animalOf(path: string): AnimalFile | undefined {
  const [, prefix, id] = pattern.exec(basename(path)) ?? []
  return id === undefined ? undefined : { path, prefix: prefix || 'tracks', id: Number(id) }
}

/** The files of the animals in a folder, by prefix, in the order of their ids. */
export function filesIn(folder: string): ReadonlyMap<string, AnimalFile[]> {
  const groups = new Map<string, AnimalFile[]>()
  for (const name of readdirSync(folder).sort()) {
    const file = animalOf(join(folder, name))
    // What macOS leaves on disks of other systems begins with a dot.
    if (file && !name.startsWith('.') && statSync(file.path).isFile())
      groups.set(file.prefix, [...(groups.get(file.prefix) ?? []), file])
  }
  for (const [prefix, files] of groups)
    groups.set(
      prefix,
      onlyOneKind(files).sort((a, b) => a.id - b.id),
    )
  return groups
}

/** TRex can write both kinds of file; the binary one has all digits. */
function onlyOneKind(files: readonly AnimalFile[]): AnimalFile[] {
  const packed = files.filter(({ path }) => path.toLowerCase().endsWith('.npz'))
  return packed.length > 0 ? packed : [...files]
}

/** The files of the same video and kind as one of them. */
export function siblingsOf(path: string): AnimalFile[] {
  const own = animalOf(path)
  if (!own) return [{ path, prefix: basename(path).replace(/\.[^.]*$/, ''), id: 0 }]
  const ending = path.toLowerCase().slice(-4)
  const all = filesIn(dirname(path)).get(own.prefix) ?? [own]
  const same = all.filter((file) => file.path.toLowerCase().endsWith(ending))
  return same.some((file) => file.id === own.id) ? same : [own]
}
