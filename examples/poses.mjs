// Describe what a frame of your experiment holds, write a run of poses, and read it back.
import { defineLayout, FrameReader, FrameWriter } from 'h5tracks'

const [path = 'poses.h5'] = process.argv.slice(2)
const nodes = ['nose', 'neck', 'tail']

const mice = defineLayout({
  group: 'poses',
  slots: { name: 'mouseId', max: 4 }, // up to 4 mice in a frame
  perFrame: { time: { type: 'float64', unit: 's' } },
  fields: {
    keypoints: { type: 'float32', shape: [3, 2], axes: ['node', 'space'], unit: 'px' },
    score: { type: 'float32', shape: [3], axes: ['node'], range: [0, 1] },
    behaviour: { type: 'enum', members: { resting: 0, running: 1 } },
  },
  perCamera: { box: { type: 'int32', shape: [4], fill: -1, unit: 'px' } },
  axes: { node: nodes, space: ['x', 'y'] },
  attributes: {
    edges: [
      [0, 1],
      [1, 2],
    ],
  },
})

/** A mouse that runs along x. Its tail is hidden in every third frame, and only the top camera sees it. */
function mouse(/** @type {number} */ mouseId, /** @type {number} */ frame) {
  const x = 100 * mouseId + frame
  const hidden = frame % 3 === 0
  return {
    mouseId,
    keypoints: [[x, 50], [x - 20, 52], hidden ? [Number.NaN, Number.NaN] : [x - 60, 55]],
    score: [0.9, 0.8, hidden ? 0 : 0.7],
    behaviour: /** @type {const} */ ('running'),
    box: { top: [x - 60, 40, 60, 20] },
  }
}

const writer = new FrameWriter(path, mice, { cameras: ['top', 'side'], overwrite: true })
for (let frame = 0; frame < 600; frame++) {
  const records = frame < 300 ? [mouse(0, frame)] : [mouse(0, frame), mouse(2, frame)] // mouse 2 comes later
  if (!writer.writeFrame(frame, records, { time: frame / 30 })) await writer.drain()
}
await writer.close()

const reader = new FrameReader(path, mice)
const { keypoints, time } = await reader.read({ start: 590, stop: 600, fields: ['keypoints', 'time'] })
console.log(
  `${path}: the last ten frames are keypoints of ${keypoints.shape.join(' x ')}, until ${time.data.at(-1)?.toFixed(2)} s`,
)

const late = await reader.trajectory(2)
console.log(
  `mouse 2: ${late.frameIndex.shape[0]} frames, nose from x = ${late.keypoints.data[0]} to ${late.keypoints.data.at(-6)}`,
)

for await (const { records } of reader.frames({ start: 0, stop: 1 })) {
  for (const { mouseId, behaviour, box } of records)
    console.log(`frame 0: mouse ${mouseId} is ${behaviour}, box ${box.top?.join(' ')}`)
}
reader.close()
