import fc from 'fast-check'
import type { TrackRecord } from 'h5tracks'

const INT32_MAX = 2 ** 31 - 1
const int32 = fc.integer({ min: -(2 ** 31), max: INT32_MAX })
const float = fc.float({ noDefaultInfinity: true })
const coordinate = fc.float({ noDefaultInfinity: true, noNaN: true })
const unknown = fc.constant([Number.NaN, Number.NaN, Number.NaN] as const)
const cameraName = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.nat().map(String),
    fc.constantFrom('__proto__', 'constructor'),
  )
  .filter((name) => !/[/\0]/.test(name) && name !== '.' && name.isWellFormed())

const fishOf = (cameras: string[]): fc.Arbitrary<TrackRecord> => {
  const byCamera = <T>(value: fc.Arbitrary<T>) =>
    fc
      .array(fc.option(value, { nil: undefined }), { minLength: cameras.length, maxLength: cameras.length })
      .map(
        (values) =>
          new Map(cameras.flatMap((camera, n) => (values[n] === undefined ? [] : [[camera, values[n]] as const]))),
      )
  return fc.record({
    fishId: fc.integer({ min: 0, max: INT32_MAX }),
    centroid3d: fc.option(fc.oneof({ weight: 9, arbitrary: fc.tuple(coordinate, coordinate, coordinate) }, unknown)),
    confidence: float,
    reprojectionResidual: float,
    nCameras: fc.nat({ max: INT32_MAX }),
    isConfirmed: fc.boolean(),
    cameraDetections: byCamera(fc.integer({ min: 0, max: INT32_MAX })),
    bboxes: byCamera(fc.tuple(int32, int32, int32, int32)),
  })
}

/** Random cameras, sizes, frames and flushes: any recording that a writer accepts. */
export const recording = fc
  .record({
    cameras: fc.uniqueArray(cameraName, { maxLength: 4 }),
    maxFish: fc.integer({ min: 1, max: 6 }),
    chunkFrames: fc.integer({ min: 1, max: 7 }),
  })
  .chain(({ cameras, maxFish, chunkFrames }) => {
    const tracks = fc.uniqueArray(fishOf(cameras), { maxLength: maxFish, selector: ({ fishId }) => fishId })
    const frame = fc.record({
      gap: fc.integer({ min: 1, max: 1000 }),
      tracks,
      next: fc.constantFrom('', 'flush', 'drain'),
    })
    return fc.record({
      ...constants({ cameras, maxFish, chunkFrames }),
      first: fc.maxSafeInteger(),
      frames: fc.array(frame, { maxLength: 20 }),
    })
  })

function constants<T extends object>(values: T) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fc.constant(value)])) as {
    [Name in keyof T]: fc.Arbitrary<T[Name]>
  }
}
