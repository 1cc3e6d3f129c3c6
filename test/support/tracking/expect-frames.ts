import { readTrackingResults } from 'h5tracks'
import { expect } from 'vitest'
import { CAMERAS, type Frame } from './frames.js'
import { sameInH5py } from './json-lines.js'
import { columnsOf, columnsRead } from './model.js'

/** Expects exactly these frames in the file, by our reader and by h5py, and closed_cleanly. */
export async function expectFrames(path: string, frames: readonly Frame[], maxFish = 9, cameras = CAMERAS) {
  expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, cameras, maxFish))
  await sameInH5py(path, { cameras, maxFish }, [...frames])
}
