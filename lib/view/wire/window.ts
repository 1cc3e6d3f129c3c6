/** A window of frames as bytes, for one view: what the server sends and the page draws. */
import type { ViewDescription } from './description.js'

/** Frames `start` to `start + frames`. Numbers of a frame follow those of the frame before. Little-endian. */
export interface ViewWindow {
  readonly start: number
  readonly frames: number
  readonly frameIndex: Float64Array
  /** Seconds; NaN if unknown. Empty if the layout has no time. */
  readonly time: Float64Array
  /** An id for each slot; below 0 for an empty one. */
  readonly ids: Int32Array
  /** From 0 to 1 for each slot; NaN if unknown. */
  readonly confidence: Float32Array
  /** In the order of the view's parts. */
  readonly parts: readonly PartWindow[]
}

export interface PartWindow {
  /** For each slot its points, each with as many numbers as the view has dimensions; or x, y, width and height of its box. NaN if unknown. */
  readonly values: Float32Array
  /** From 0 to 1 for each point; NaN if unknown. Empty without confidences. */
  readonly confidence: Float32Array
}

/** What determines the sizes of a window. */
export interface WindowForm {
  readonly slots: number
  readonly hasTime: boolean
  readonly view: Pick<ViewDescription, 'dimensions' | 'parts'>
}

const headBytes = 16

/** Size of a window of so many frames. */
export function windowBytes(form: WindowForm, frames: number): number {
  return headBytes + frames * frameBytes(form)
}

export function frameBytes({ slots, hasTime, view }: WindowForm): number {
  const floats = view.parts.reduce((sum, part) => sum + valuesOf(part, view) + confidencesOf(part), 0)
  return 8 + (hasTime ? 8 : 0) + slots * (8 + 4 * floats)
}

type Part = ViewDescription['parts'][number]
const valuesOf = ({ kind, points }: Part, { dimensions }: Pick<ViewDescription, 'dimensions'>) =>
  kind === 'box' ? 4 : points * dimensions
const confidencesOf = ({ hasConfidence, points }: Part) => (hasConfidence ? points : 0)

/** Makes a window over new memory, with the numbers of its head. Everything else is 0. */
export function makeWindow(
  form: WindowForm,
  start: number,
  frames: number,
): { buffer: ArrayBuffer; window: ViewWindow } {
  const buffer = new ArrayBuffer(windowBytes(form, frames))
  new Float64Array(buffer, 0, 2).set([start, frames])
  return { buffer, window: openWindow(form, buffer) }
}

/** The arrays in the bytes of a window. Throws a RangeError if the bytes are not a window of that form. */
export function openWindow(form: WindowForm, buffer: ArrayBuffer): ViewWindow {
  const [start, frames] = new Float64Array(buffer, 0, 2) as unknown as [number, number]
  if (buffer.byteLength !== windowBytes(form, frames)) throw new RangeError('a window has another size than its form')
  let at = headBytes
  const floats = (length: number) => {
    at += 4 * length
    return new Float32Array(buffer, at - 4 * length, length)
  }
  const doubles = (length: number) => {
    at += 8 * length
    return new Float64Array(buffer, at - 8 * length, length)
  }
  const frameIndex = doubles(frames)
  const time = doubles(form.hasTime ? frames : 0)
  const cells = frames * form.slots
  const ids = new Int32Array(buffer, at, cells)
  at += 4 * cells
  const confidence = floats(cells)
  const parts = form.view.parts.map((part) => ({
    values: floats(cells * valuesOf(part, form.view)),
    confidence: floats(cells * confidencesOf(part)),
  }))
  return { start, frames, frameIndex, time, ids, confidence, parts }
}
