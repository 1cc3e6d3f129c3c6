// An hour at 60 frames a second: nine fish that swim in circles in a tank, the last of which is away for ten minutes.
import { TrackingWriter } from 'h5tracks'

export const HOUR = { frames: 216_000, fish: 9, awayFrom: 72_000, awayTo: 108_000 }

/**
 * Writes the recording.
 *
 * @param {string} path
 * @param {string[]} cameras names of cameras, each of which sees every fish
 */
export async function writeHour(path, cameras = []) {
  const { frames, fish, awayFrom, awayTo } = HOUR
  const metadata = { fps: 60, tank_size: [200, 100, 60], position_units: 'cm' }
  const writer = new TrackingWriter(path, cameras, { maxFish: fish, metadata })
  const rows = 4000
  const cells = rows * fish
  for (let from = 0; from < frames; from += rows) {
    /** @type {<T extends Int32Array | Uint8Array | Float32Array>(column: T, fill: number, at: (cell: number, axis: number) => number) => T} */
    const filled = (column, fill, at) => {
      const width = column.length / cells
      for (let i = 0; i < column.length; i++) {
        const cell = Math.floor(i / width)
        const isAway = cell % fish === fish - 1 && from >= awayFrom && from < awayTo
        column[i] = isAway ? fill : at(cell, i % width)
      }
      return column
    }
    /** @type {(cell: number, axis: number) => number} */
    const position = (cell, axis) => {
      const angle = 2 * Math.PI * ((from + Math.floor(cell / fish)) / 997 + (cell % fish) / fish)
      if (axis === 2) return 6 * (cell % fish) + 3
      return axis === 0 ? 100 + 90 * Math.cos(angle) : 50 + 40 * Math.sin(angle)
    }
    const boxes = () =>
      filled(new Int32Array(4 * cells), -1, (cell, axis) => (axis < 2 ? Math.round(5 * position(cell, axis)) : 40))
    const ready = writer.writeFrames({
      frameIndex: BigInt64Array.from({ length: rows }, (_, i) => BigInt(from + i)),
      fishId: filled(new Int32Array(cells), -1, (cell) => cell % fish),
      centroid3d: filled(new Float32Array(3 * cells), Number.NaN, position),
      confidence: filled(new Float32Array(cells), -1, () => 1),
      reprojectionResidual: filled(new Float32Array(cells), -1, () => 0.5),
      nCameras: filled(new Int32Array(cells), 0, () => cameras.length),
      isConfirmed: filled(new Uint8Array(cells), 0, () => 1),
      cameraAssignments: Object.fromEntries(
        cameras.map((camera) => [camera, filled(new Int32Array(cells), -1, (cell) => cell % fish)]),
      ),
      bboxes: Object.fromEntries(cameras.map((camera) => [camera, boxes()])),
    })
    if (!ready) await writer.drain()
  }
  await writer.close()
}
