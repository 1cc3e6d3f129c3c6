/** What the bytes of a new file depend on, as the keys under which native code keeps them as templates. */
import { createHash } from 'node:crypto'
import { serialize } from 'node:v8'
import type { Layout } from '../../../layout/model.js'
import type { Attributes } from '../../file/metadata.js'
import type { CheckedOptions } from './options.js'

/** The group of a layout in a new file. */
export interface GroupContents {
  layout: Layout
  slots: number
  chunkFrames: number
  /** The attributes of all files of this kind. */
  attributes: Attributes
  /** The attributes that the caller chose for this file. */
  metadata: Attributes
  /** True if the group needs a newer format, which tracks the order of creation and can hold large attributes. */
  trackOrder: boolean
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

/** Keys of the contents of a file. */
export interface TemplateKeys {
  /** Files with the same key differ only in their run id. */
  whole: string
  /** Files with the same key differ in the caller's metadata, too. */
  withoutMetadata: string
}

export function templateKeys(
  groups: readonly GroupContents[],
  cameraNames: readonly string[],
  { compression }: CheckedOptions,
): TemplateKeys {
  const rest = groups.map(({ slots, chunkFrames, attributes, trackOrder }) => [
    slots,
    chunkFrames,
    attributes,
    trackOrder,
  ])
  const hash = createHash('sha256')
  for (const { layout } of groups) hash.update(described(layout))
  hash.update(serialize([rest, cameraNames, compression]))
  const whole = hash.copy().update(serialize(groups.map(({ metadata }) => metadata)))
  return { whole: whole.digest('hex'), withoutMetadata: hash.digest('hex') }
}
