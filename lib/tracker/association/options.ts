/** The options of ransacCentroidCluster and their checks. */
import { checkInteger, checkOptions, invalidArgument } from '../../base/errors.js'
import type { FrameLocation } from '../../base/frame-location.js'
import type { Vector } from '../../base/vectors.js'

/** Options of {@link ransacCentroidCluster}. */
export interface AssociationOptions {
  /** Number of fish: the search ends when so many are found. Default 9. */
  expectedCount?: number
  /** Maximum number of pairs of detections to try. Default 200. */
  iterations?: number
  /** Maximum distance of a detection to the projection of a position, px. Default 15. */
  reprojectionThreshold?: number
  /** Minimum number of cameras that see a fish. Default 2. */
  minCameras?: number
  /** Expected positions x, y, z of fish, for instance from `FishTracker.seedPoints()`. Default null: none. */
  seedPoints?: Iterable<ArrayLike<number>> | null
  /** Distance along the ray at which a fish seen by one camera is placed, in the world's unit. Default 0.5, for metres. */
  singleViewDistance?: number
  /** Index of the frame, copied to the result. Default 0. */
  frameIndex?: number | bigint
  /** Random numbers in [0, 1) that choose the pairs. Default Math.random. */
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

/** Checks the options, fills in the defaults and sets the frame of `place`. */
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
    /** A random index from 0 to `length` - 1. */
    pick: (length: number): number => {
      const number = random()
      if (number >= 0 && number < 1) return Math.floor(number * length)
      throw invalidArgument('random', number, 'a function that returns numbers in [0, 1)')
    },
  }
}

function checkSeeds(seedPoints: Iterable<ArrayLike<number>>, location: FrameLocation): Vector[] {
  if (typeof seedPoints?.[Symbol.iterator] !== 'function') {
    throw invalidArgument('seedPoints', seedPoints, 'an iterable of points, or null')
  }
  return Array.from(seedPoints, (point, i) => location.checkPoint(point, `seedPoints[${i}]`))
}

/** Returns `value` if it is a finite number and not negative; else throws ERR_INVALID_ARGUMENT. */
export function checkLength(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw invalidArgument(name, value, 'a finite number, not negative')
}
