import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import type { FrameLocation } from '../../base/frame-location.js'
import type { Vector } from '../../base/vectors.js'

/** Options of {@link ransacCentroidCluster}. */
export interface AssociationOptions {
  /** How many fish there are: nothing is searched for once so many are found. Default 9. */
  expectedCount?: number
  /** How many pairs of detections are tried, at most. Default 200. */
  iterations?: number
  /** How far a detection may be from where a position is projected to, px. Default 15. */
  reprojectionThreshold?: number
  /** In how many cameras a fish must be seen. Default 2. */
  minCameras?: number
  /** Where fish are expected, e.g. what `FishTracker.seedPoints()` gives: points of x, y, z. Default null: nowhere. */
  seedPoints?: Iterable<ArrayLike<number>> | null
  /** How far along its ray a single view is put, in the world's unit. Default 0.5, which is meant as metres. */
  singleViewDistance?: number
  /** Index of the frame, which is handed on. Default 0. */
  frameIndex?: number | bigint
  /** Numbers from 0 to below 1, for the pairs that are tried. Default Math.random. */
  random?: () => number
}

const known = [
  'expectedCount',
  'iterations',
  'reprojectionThreshold',
  'minCameras',
  'seedPoints',
  'singleViewDistance',
  'frameIndex',
  'random',
] as const satisfies (keyof AssociationOptions)[]

const int32Max = 2 ** 31 - 1

/** The options with their defaults, checked, and `place` put at the frame. */
export function checkAssociationOptions(options: AssociationOptions, location: FrameLocation) {
  checkOptions('ransacCentroidCluster', options, known)
  const { frameIndex = 0, random = Math.random, seedPoints } = options
  location.frame = frameIndex
  location.checkFrameIndex(null)
  if (typeof random !== 'function') throw invalidArgument('random', random, 'a function')
  return {
    expectedCount: checkInteger('expectedCount', options.expectedCount ?? 9, 0, int32Max),
    iterations: checkInteger('iterations', options.iterations ?? 200, 0, int32Max),
    reprojectionThreshold: checkLength('reprojectionThreshold', options.reprojectionThreshold ?? 15),
    minCameras: checkInteger('minCameras', options.minCameras ?? 2, 1, int32Max),
    seedPoints: checkSeeds(seedPoints ?? [], location),
    singleViewDistance: checkLength('singleViewDistance', options.singleViewDistance ?? 0.5),
    frameIndex,
    /** An index below `length`. */
    pick: (length: number): number => {
      const number = random()
      if (number >= 0 && number < 1) return Math.floor(number * length)
      throw invalidArgument('random', number, 'a function that gives numbers from 0 to below 1')
    },
  }
}

function checkSeeds(seedPoints: Iterable<ArrayLike<number>>, location: FrameLocation): Vector[] {
  if (typeof seedPoints?.[Symbol.iterator] !== 'function') {
    throw invalidArgument('seedPoints', seedPoints, 'an iterable of points, or null')
  }
  return Array.from(seedPoints, (point, i) => location.checkPoint(point, `seedPoints[${i}]`))
}

/** `value` when it is a finite number that is not negative. */
export function checkLength(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw invalidArgument(name, value, 'a finite number, not negative')
}
