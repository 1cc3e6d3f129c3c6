/**
 * Recordings of many kinds, as people have them: what an encoder must do well on besides the rig of `rig.ts`. The same kind
 * and seed always give the same frames.
 */
import type { TrackRecord } from '../base/track-record.js'
import { Random } from './random.js'

export interface RecordingKind {
  name: string
  cameras: readonly string[]
  slots: number
  frames: number
  animals: number
  /** Probability that an animal that rests begins to move in a frame, and the reverse; 0: all move always. */
  rest?: number
  /** Annotated by people at every n-th frame, with straight lines between. */
  keyframes?: number
  /** Standard deviation of the noise of a detector, in the units of the positions. */
  noise?: number
  /** The unit of positions as a part of a pixel: 1 for pixels, 0.002 for metres. */
  unit?: number
  /** Mean number of frames for which an animal is tracked under one id; none: forever. */
  lifetime?: number
  /** Probability that an animal that a camera sees is seen in the next frame too; none: it always is. */
  sight?: number
  /** Number of cameras that see nothing for long. */
  blind?: number
  /** 'space': only positions; 'image': only boxes; else both. */
  only?: 'space' | 'image'
}

export const recordingKinds: readonly RecordingKind[] = [
  { name: 'resting animals', cameras: ['top'], slots: 12, frames: 1500, animals: 10, rest: 0.01, noise: 0 },
  {
    name: 'interpolated annotations',
    cameras: ['a', 'b', 'c', 'd'],
    slots: 21,
    frames: 2400,
    animals: 9,
    keyframes: 15,
    only: 'image',
    lifetime: 900,
    sight: 0.98,
  },
  { name: 'sub-pixel noise', cameras: ['top'], slots: 8, frames: 900, animals: 8, noise: 0.3 },
  { name: 'few animals in many slots', cameras: ['left', 'right'], slots: 40, frames: 1200, animals: 2, noise: 1 },
  {
    name: 'ids that come and go',
    cameras: ['top'],
    slots: 15,
    frames: 800,
    animals: 9,
    noise: 2,
    lifetime: 40,
    only: 'image',
  },
  {
    name: 'cameras that see nothing',
    cameras: ['a', 'b', 'c', 'd', 'e'],
    slots: 6,
    frames: 2100,
    animals: 5,
    noise: 1,
    sight: 0.9,
    blind: 3,
  },
  { name: 'one animal in pixels', cameras: ['top'], slots: 1, frames: 900, animals: 1, noise: 0.5, only: 'image' },
  { name: 'positions in metres', cameras: [], slots: 2, frames: 900, animals: 2, noise: 1, unit: 0.002, only: 'space' },
  { name: 'positions in pixels', cameras: [], slots: 4, frames: 1700, animals: 4, noise: 1, only: 'space' },
  { name: 'a short recording', cameras: ['top'], slots: 12, frames: 200, animals: 11, noise: 1, only: 'image' },
  { name: 'a frame', cameras: ['a', 'b'], slots: 9, frames: 1, animals: 4 },
]

export interface RecordingFrame {
  frameIndex: number
  tracks: TrackRecord[]
}

const width = 1900
const height = 1050

interface Animal {
  id: number
  /** x, y and z, px. */
  at: [number, number, number]
  speed: [number, number, number]
  size: [number, number]
  moves: boolean
  seen: boolean[]
}

/** Yields the frames of a recording. */
export function* recording(kind: RecordingKind, seed = 1): Generator<RecordingFrame, void, undefined> {
  const random = new Random(seed)
  let nextId = 0
  const appear = (): Animal => ({
    id: nextId++,
    at: [width * random.uniform(), height * random.uniform(), 200 * random.uniform()],
    speed: [4 * random.normal(), 4 * random.normal(), random.normal()],
    size: [20 + 60 * random.uniform(), 20 + 100 * random.uniform()],
    moves: !kind.rest,
    seen: kind.cameras.map(() => random.uniform() < 0.5),
  })
  let animals = Array.from({ length: kind.animals }, appear)
  for (let frameIndex = 0; frameIndex < kind.frames; frameIndex++) {
    if (kind.lifetime) animals = animals.map((old) => (random.uniform() < 1 / kind.lifetime! ? appear() : old))
    for (const animal of animals) step(animal, kind, frameIndex, random)
    yield { frameIndex, tracks: tracksOf(animals, kind, frameIndex, random) }
  }
}

function step(animal: Animal, { rest, keyframes, sight = 1 }: RecordingKind, frame: number, random: Random): void {
  if (rest && random.uniform() < rest) animal.moves = !animal.moves
  for (const axis of [0, 1, 2] as const) {
    // Annotations move on straight lines from keyframe to keyframe.
    if (!keyframes) animal.speed[axis] += 0.3 * random.normal()
    else if (frame % keyframes === 0) animal.speed[axis] = 3 * random.normal()
    const to = animal.at[axis] + animal.speed[axis]
    if (to < 0 || to > [width, height, 400][axis]!) animal.speed[axis] = -animal.speed[axis]
    else if (animal.moves) animal.at[axis] = to
  }
  for (let camera = 0; camera < animal.seen.length; camera++) {
    if (sight === 1) animal.seen[camera] = true
    else if (random.uniform() >= sight) animal.seen[camera] = !animal.seen[camera]
  }
}

function tracksOf(animals: readonly Animal[], kind: RecordingKind, frame: number, random: Random): TrackRecord[] {
  const { cameras, noise = 0, unit = 1, blind = 0, keyframes, only } = kind
  const detections = cameras.map(() => 0)
  // Each of the blind cameras sees something in a tenth of the recording.
  const sees = (camera: number) => camera >= blind || Math.floor((10 * frame) / kind.frames) === camera
  const tracks: TrackRecord[] = []
  for (const { id, at, size, seen, moves } of [...animals].sort((a, b) => a.id - b.id)) {
    const error = () => (moves ? noise * random.normal() : 0)
    const cameraDetections: Record<string, number> = {}
    const bboxes: Record<string, number[]> = {}
    for (const [camera, name] of cameras.entries()) {
      if (!seen[camera] || !sees(camera)) continue
      cameraDetections[name] = detections[camera]!++
      // People draw boxes with a coarse pointer.
      const grid = keyframes ? 4 : 1
      const box = [at[0] + 40 * camera + error(), at[1] + error(), size[0] + error(), size[1] + error()]
      bboxes[name] = box.map((value) => Math.trunc(value / grid) * grid)
    }
    const nCameras = Object.keys(bboxes).length
    if (cameras.length > 0 && nCameras === 0) continue
    const located = only !== 'image'
    tracks.push({
      fishId: id,
      centroid3d: located ? at.map((value) => (value + error()) * unit) : null,
      confidence: keyframes || !located ? -1 : Math.min(1, Math.max(0, 0.9 + 0.04 * error())),
      reprojectionResidual: located && nCameras > 1 ? Math.abs(error()) : -1,
      nCameras,
      isConfirmed: nCameras > 0,
      cameraDetections,
      bboxes,
    })
  }
  return tracks
}

/** Yields frames without end, `every` frames of one kind and then of the next, so that what encodes them best changes. */
export function* changingRecording(
  names: readonly string[],
  every: number,
): Generator<RecordingFrame, never, undefined> {
  const sources = names.map((name) => {
    const kind = recordingKinds.find((one) => one.name === name)
    if (!kind) throw new RangeError(`there is no kind of recording with the name ${name}`)
    return recording({ ...kind, frames: Number.POSITIVE_INFINITY })
  })
  for (let frameIndex = 0; ; frameIndex++) {
    const { value } = sources[Math.floor(frameIndex / every) % sources.length]!.next()
    yield { frameIndex, tracks: (value as RecordingFrame).tracks }
  }
}
