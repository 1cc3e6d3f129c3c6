/** Helpers for writers of formats: what a recording has, and which recordings are meant. */
import { H5TracksError, show } from '../../base/errors.js'
import type { WritableAttributeValue } from '../../hdf5/values/attribute-value.js'
import type { Field, Layout } from '../../layout/model.js'
import type { Recording, WriteOptions } from './format.js'

/** The name of a recording: that of its group. */
export const nameOf = ({ layout }: Recording): string => layout.root.slice(1)

/** The field of the layout with this name. */
export function fieldOf({ layout }: Recording, name: string): Field | undefined {
  return layout.fields.find((field) => field.name === name)
}

/** The attributes of a recording: those of its layout and its metadata. */
export function attributesOf({ layout, metadata }: Recording): Readonly<Record<string, WritableAttributeValue>> {
  return { ...layout.attributes, ...metadata }
}

/** The layout with another number of slots. */
export function withSlots(layout: Layout, max: number): Layout {
  if (!layout.key || layout.slots === max) return layout
  const { slots } = layout.spec
  return Object.freeze({ ...layout, slots: max, spec: { ...layout.spec, ...(slots && { slots: { ...slots, max } }) } })
}

/** The only recording, for formats that hold one. Throws ERR_UNSUPPORTED, and names the recordings, if there are several. */
export function onlyRecording(recordings: readonly Recording[], title: string, { finalPath }: WriteOptions): Recording {
  const [only, ...others] = recordings
  if (only && others.length === 0) return only
  const names = recordings.map((recording) => show(nameOf(recording))).join(', ')
  throw new H5TracksError(
    `${finalPath} can hold one recording, because it is ${title}; the input has ${names}; choose one with recordings (--recording)`,
    { code: 'ERR_UNSUPPORTED', path: finalPath, field: 'recordings' },
  )
}
