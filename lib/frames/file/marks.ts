/** The marks that a writer leaves in a file: its run id, whether it closed the file, and what recoveries lost. */
import type { File } from '../../hdf5/objects/file.js'
import type { Layout } from '../../layout/model.js'
import { attributeOf, type GroupAttributes } from './attribute.js'

/** The attribute that says whether the writer closed the file. */
export const cleanAttribute = 'closed_cleanly'
/** The attribute with the run id of a writer that has the file open. */
export const runAttribute = 'run_id'
/** The attribute with one line for each recovery that lost frames; absent if there was none. */
export const lossesAttribute = 'losses'

// Files of AquaPose's formats are marked at the group of their layout, all others at the root group.
const places = ['/tracking', '/', '/midlines']

/** The object that a writer of these layouts marks. */
export function markedBy(layouts: readonly Layout[]): string {
  const [only, another] = layouts
  return only && !another && !only.format.describes ? only.root : '/'
}

/** The object that carries the marks of a file; null if it has none, as in files of AquaPose. */
export function markedIn(file: File): string | null {
  return places.find((place) => isMarked(file, place)) ?? null
}

function isMarked(file: File, place: string): boolean {
  if (file.kindSync(place) !== 'group') return false
  using group = file.groupSync(place)
  return group.attributes.hasSync(cleanAttribute)
}

/**
 * Whether the writer closed the file, from the attributes of the group of a layout; undefined if another object has the mark that
 * counts.
 */
export function markOf(root: string, attributes: GroupAttributes): boolean | undefined {
  const mark = root === places[0] ? attributes.value(cleanAttribute) : undefined
  return mark === undefined ? undefined : mark !== false
}

/** The lines that recoveries which lost frames have left in a file. */
export function lossesIn(file: File): string[] {
  const place = markedIn(file)
  if (place === null) return []
  using group = file.groupSync(place)
  return lossLines(attributeOf(group, lossesAttribute))
}

/** The lines of the attribute {@link lossesAttribute}. */
export function lossLines(losses: unknown): string[] {
  return Array.isArray(losses) ? losses.map(String) : losses === undefined ? [] : [String(losses)]
}
