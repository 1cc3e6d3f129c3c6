/** The layout of AquaPose's midline files: the midlines of fish as splines in space. */
import { makeLayout } from '../layout/define.js'

const int32Max = 2 ** 31 - 1

/** What differs between midline files. */
export interface MidlineOptions {
  /** Number of fish that a frame holds. Default: 9, as AquaPose's `max_fish`. */
  readonly max?: number
  /** Number of points along a midline at which widths and offsets are measured, AquaPose's `n_sample_points`. Default: 15. */
  readonly samples?: number
}

/**
 * The layout of AquaPose's midline files with another number of sample points. (Source: `Midline3DWriter` in AquaPose's
 * `aquapose/io/midline_writer.py`, version 1.1.0.) Throws ERR_INVALID_ARGUMENT for numbers that are not positive integers.
 */
export function midlineLayoutWith({ max = 9, samples = 15 }: MidlineOptions = {}) {
  return makeLayout(
    {
      group: 'midlines',
      slots: { name: 'fishId', max },
      perFrame: { frameIndex: 'int64' },
      fields: {
        controlPoints: { type: 'float32', shape: [7, 3], axes: ['control_point', 'space'], unit: 'm' },
        arcLength: { type: 'float32', unit: 'm' },
        halfWidths: { type: 'float32', shape: [samples], axes: ['sample'], unit: 'm' },
        nCameras: { type: 'int32', range: [0, int32Max] },
        meanResidual: { type: 'float32', fill: -1, unit: 'px' },
        maxResidual: { type: 'float32', fill: -1, unit: 'px' },
        isLowConfidence: 'bool',
        centroidZ: { type: 'float32', unit: 'm', inFile: 'optional' },
        zOffsets: { type: 'float32', shape: [samples], axes: ['sample'], unit: 'm', inFile: 'optional' },
      },
      attributes: {
        SPLINE_KNOTS: Float64Array.of(0, 0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1, 1),
        SPLINE_K: 3,
      },
    },
    { schema: null, version: '', describes: false },
  )
}

/**
 * AquaPose's `/midlines`, the file `midlines.h5` of a run: for each fish the 7 control points of a cubic B-spline from head to tail, in
 * metres, with its length, half widths at 15 points, and residuals in pixels. `SPLINE_KNOTS` and `SPLINE_K` are attributes of the group.
 * `centroidZ` and `zOffsets` are missing in files from before March 2026, and a fish may lack them in newer ones.
 */
export const midlineLayout = midlineLayoutWith()
