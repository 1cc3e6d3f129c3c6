/** Gives a file the metadata of another file of the same layouts. */
import { withoutOwn } from '../frames/file/metadata.js'
import { openLayouts } from '../frames/file/open-layouts.js'
import type { File } from '../hdf5/objects/file.js'
import type { WritableAttributeValue } from '../hdf5/values/attribute-value.js'

export function useMetadataOf(path: string, file: File): void {
  const { file: source, layouts } = openLayouts(path)
  try {
    for (const { layout, metadata } of layouts) {
      using from = source.groupSync(layout.root)
      using to = file.groupSync(layout.root)
      const isOurs = (name: string) => reserved.has(name) || !(name in withoutOwn(layout, { [name]: 0 }).given)
      for (const name of to.attributes.keysSync()) if (!isOurs(name)) to.attributes.deleteSync(name)
      for (const name of Object.keys(metadata)) {
        if (isOurs(name)) continue
        const { type, shape } = from.attributes.infoSync(name)
        const value = shape === null ? null : from.attributes.readSync(name).data
        to.attributes.setSync(name, value as WritableAttributeValue, { type, shape })
      }
    }
  } finally {
    source.closeSync()
  }
}

/** Attributes that the layout and its writer own. */
const reserved = new Set([
  'camera_names',
  'in_step',
  'run_id',
  'closed_cleanly',
  'losses',
  'fields',
  'frame_key',
  'slot_key',
])
