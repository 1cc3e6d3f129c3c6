/** The layout of AquaPose's midline files: the midlines of fish as splines in space. */
import { checkOptions } from '../base/errors.js'
import { makeLayout } from '../layout/define.js'

const int32Max = 2 ** 31 - 1

/** What differs between midline files. */
export interface MidlineOptions {
  /** Number of fish that a frame holds. Default: 9, as AquaPose's `max_fish`. */
  readonly max?: number
  /** Number of points along a midline at which widths and offsets are measured, AquaPose's `n_sample_points`. Default: 15. */
  readonly samples?: number
  /**
   * Frames also have the triangulated `points` themselves, and fish may lack the spline (`controlPoints`, `arcLength`), as in files of
   * AquaPose's development version since March 2026. Default: false.
   */
  readonly points?: boolean
}

const format = { schema: null, version: '', describes: false } as const

/**
 * The layout of AquaPose's midline files with other sizes, or with `points`. (Source: `Midline3DWriter` in AquaPose's
 * `aquapose/io/midline_writer.py`, version 1.1.0 and development version.) Throws ERR_INVALID_ARGUMENT for numbers that are not positive
 * integers.
 */
export function midlineLayoutWith(options: MidlineOptions & { readonly points: true }): ReturnType<typeof withPoints>
export function midlineLayoutWith(options?: MidlineOptions & { readonly points?: false }): ReturnType<typeof withSpline>
export function midlineLayoutWith(options?: MidlineOptions): ReturnType<typeof withPoints | typeof withSpline>
export function midlineLayoutWith(options: MidlineOptions = {}) {
  checkOptions('midlineLayoutWith', options, ['max', 'samples', 'points'])
  const { max = 9, samples = 15, points = false } = options
  return points ? withPoints(max, samples) : withSpline(max, samples)
}

function withSpline(max: number, samples: number) {
  const { controlPoints, arcLength, ...others } = fieldsOf(samples)
  return makeLayout({ ...common(max), fields: { controlPoints, arcLength, ...others } }, format)
}

function withPoints(max: number, samples: number) {
  const points = { type: 'float32', shape: [samples, 3], axes: ['sample', 'space'], unit: 'm', optional: true } as const
  const { controlPoints, arcLength, ...others } = fieldsOf(samples)
  const spline = {
    controlPoints: { ...controlPoints, optional: true },
    arcLength: { ...arcLength, optional: true },
  } as const
  return makeLayout({ ...common(max), fields: { points, ...spline, ...others } }, format)
}

const common = (max: number) =>
  ({
    group: 'midlines',
    slots: { name: 'fishId', max },
    perFrame: { frameIndex: 'int64' },
    attributes: { SPLINE_KNOTS: Float64Array.of(0, 0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1, 1), SPLINE_K: 3 },
  }) as const

const fieldsOf = (samples: number) =>
  ({
    controlPoints: { type: 'float32', shape: [7, 3], axes: ['control_point', 'space'], unit: 'm' },
    arcLength: { type: 'float32', unit: 'm' },
    halfWidths: { type: 'float32', shape: [samples], axes: ['sample'], unit: 'm' },
    nCameras: { type: 'int32', range: [0, int32Max] },
    meanResidual: { type: 'float32', fill: -1, unit: 'px' },
    maxResidual: { type: 'float32', fill: -1, unit: 'px' },
    isLowConfidence: 'bool',
    centroidZ: { type: 'float32', unit: 'm', inFile: 'optional' },
    zOffsets: { type: 'float32', shape: [samples], axes: ['sample'], unit: 'm', inFile: 'optional' },
  }) as const

/**
 * AquaPose's `/midlines`, the file `midlines.h5` of a run: for each fish the 7 control points of a cubic B-spline from head to tail, in
 * metres, with its length, half widths at 15 points, and residuals in pixels. `SPLINE_KNOTS` and `SPLINE_K` are attributes of the group.
 * `centroidZ` and `zOffsets` are missing in files from before March 2026, and a fish may lack them in newer ones.
 */
export const midlineLayout = midlineLayoutWith()
