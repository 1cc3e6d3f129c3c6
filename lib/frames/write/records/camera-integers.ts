/**
 * Stores int32 values by camera, the most frequent kind: detections and boxes. There are hundreds in a frame, so that each is stored
 * without a call. {@link ValueStore} stores all others.
 */

import type { Block } from '../blocks/block.js'
import type { CameraFinder } from './camera-finder.js'
import type { ValueStore } from './value-store.js'

// Within for…in, V8 compiles this call away, but not Object.hasOwn.
const isOwn = Object.prototype.hasOwnProperty

/** Called for the cameras that the file does not have. */
type OnUnknown = (field: string, camera: string) => void

/**
 * One integer, or a list of them, for each camera. Returns the number of cameras that the object has.
 *
 * @param starts the first elements of the columns, camera by camera
 * @param offset of the record in each column
 */
export function storeIntegersByCamera(
  block: Block,
  store: ValueStore,
  starts: readonly number[],
  offset: number,
  given: object,
  cameras: CameraFinder,
  onUnknown: OnUnknown,
): number {
  const { i32 } = block
  const { isSingle, least, most, count: length } = store
  let count = 0
  for (const camera in given) {
    // for…in also enumerates inherited keys, which do not belong to this record.
    if (!isOwn.call(given, camera)) continue
    count++
    const value = (given as Record<string, unknown>)[camera]
    const index = cameras.find(camera)
    if (index === -1) {
      onUnknown(store.field.name, camera)
      continue
    }
    const at = (starts[index] as number) + offset
    if (isSingle) {
      if (typeof value === 'number' && (value | 0) === value && value >= least && value <= most) i32[at] = value
      else store.store(block, at, value, camera)
      continue
    }
    let stored = 0
    if (Array.isArray(value) && value.length === length) {
      for (; stored < length; stored++) {
        const number: unknown = value[stored]
        if (!(typeof number === 'number' && (number | 0) === number && number >= least && number <= most)) break
        i32[at + stored] = number
      }
    }
    if (stored < length) store.store(block, at, value, camera)
  }
  return count
}
