/** The position of a detection in the image. */
import type { FrameLocation } from '../../base/frame-location.js'
import type { Detection, Mask } from './types.js'

type Pixel = readonly [u: number, v: number]

/**
 * Checks a detection and returns its u, v in px. `i` is its index among the detections of `camera`. Throws ERR_INVALID_TRACK and
 * ERR_OUT_OF_RANGE.
 */
export function centroidOf(detection: Detection, i: number, camera: string, location: FrameLocation): Pixel {
  const refuse = (code: string, field: string, allowed: string, given: unknown) =>
    location.refusal(code, `detections[${i}]${field}`, allowed, given, camera)

  if (typeof detection !== 'object' || detection === null) {
    throw refuse('ERR_INVALID_TRACK', '', 'must be an object', detection)
  }
  const { bbox, confidence } = detection
  if (typeof bbox !== 'object' || bbox?.length !== 4) {
    throw refuse('ERR_INVALID_TRACK', '.bbox', 'must be four numbers', bbox)
  }
  if (typeof confidence !== 'number' || Number.isNaN(confidence)) {
    throw refuse('ERR_INVALID_TRACK', '.confidence', 'must be a number', confidence)
  }
  if ('centroid' in detection) {
    const { centroid } = detection
    if (typeof centroid !== 'object' || centroid?.length !== 2) {
      throw refuse('ERR_INVALID_TRACK', '.centroid', 'must be two numbers', centroid)
    }
    const pixel: Pixel = [centroid[0]!, centroid[1]!]
    if (!pixel.every(Number.isFinite))
      throw refuse('ERR_OUT_OF_RANGE', '.centroid', 'must be two finite numbers', pixel)
    return pixel
  }
  const { mask } = detection
  if (!isMask(mask)) {
    const allowed =
      'must have width, height, data of width x height values, and optionally left and top as finite numbers'
    throw refuse('ERR_INVALID_TRACK', '.mask', allowed, mask)
  }
  const pixel = maskCentroid(mask)
  if (pixel === null) throw refuse('ERR_OUT_OF_RANGE', '.mask', 'must have at least one pixel that is set', mask.data)
  return pixel
}

function isMask(mask: unknown): mask is Mask {
  if (typeof mask !== 'object' || mask === null) return false
  const { data, width, height, left = 0, top = 0 } = mask as Mask
  return (
    [width, height].every((size) => Number.isInteger(size) && size > 0) &&
    [left, top].every(Number.isFinite) &&
    data?.length === width * height
  )
}

/** The mean column and row of the pixels that are set; null if none is. */
function maskCentroid({ data, width, height, left = 0, top = 0 }: Mask): Pixel | null {
  let [count, columns, rows] = [0, 0, 0]
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      if (!(Number(data[i]) > 0)) continue
      count++
      columns += column
      rows += row
    }
  }
  return count === 0 ? null : [left + columns / count, top + rows / count]
}
