/** What the bytes of a new file depend on, as the key under which native code keeps them as a template. */
import { createHash } from 'node:crypto'
import { serialize } from 'node:v8'
import type { Inferred } from '../../../hdf5/values/attribute-value.js'
import type { Layout } from '../../../layout/model.js'
import type { CheckedOptions } from './options.js'

/** The group of a layout in a new file. */
export interface GroupContents {
  layout: Layout
  slots: number
  chunkFrames: number
  attributes: readonly [string, Inferred][]
}

// Layouts are immutable, and most programs use one for many files.
const descriptions = new WeakMap<Layout, Buffer>()

function described(layout: Layout): Buffer {
  const known = descriptions.get(layout)
  if (known) return known
  const { root, fields, axes, format, key } = layout
  const made = serialize([root, fields, axes, format, key])
  descriptions.set(layout, made)
  return made
}

/** Files with the same key differ only in their run id. */
export function templateKey(
  groups: readonly GroupContents[],
  cameraNames: readonly string[],
  { compression }: CheckedOptions,
): string {
  const rest = groups.map(({ slots, chunkFrames, attributes }) => [slots, chunkFrames, attributes])
  const hash = createHash('sha256')
  for (const { layout } of groups) hash.update(described(layout))
  return hash.update(serialize([rest, cameraNames, compression])).digest('hex')
}
