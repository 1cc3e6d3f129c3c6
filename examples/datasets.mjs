// Create and read an HDF5 file: a dataset that grows, attributes, a table, and partial reads.
import { File } from 'h5tracks/hdf5'

const path = process.argv[2] ?? 'run.h5'

const file = await File.open(path, 'w')
const positions = await file.createDataset('arena/positions', {
  type: 'float32',
  shape: [0, 2],
  maxShape: [null, 2],
  chunks: [1024, 2],
  filters: ['shuffle', { deflate: 4 }],
  fill: Number.NaN,
})
await positions.attributes.set('unit', 'cm')
await positions.attributes.set('columns', ['x', 'y'])

// Ten seconds of a fish on a circle at 60 frames/s, appended second by second.
for (let second = 0; second < 10; second++) {
  const rows = new Float32Array(2 * 60)
  for (let frame = 0; frame < 60; frame++) {
    const angle = ((second * 60 + frame) / 600) * 2 * Math.PI
    rows.set([10 * Math.cos(angle), 10 * Math.sin(angle)], 2 * frame)
  }
  await positions.append(rows)
}

const table = /** @type {const} */ ({ class: 'compound', members: { frame: 'int64', what: 'string' } })
await file.createDataset('arena/events', { type: table }, { frame: [0, 300], what: ['lights on', 'lights off'] })
await file.close()

const again = await File.open(path)
const read = await again.dataset('arena/positions', 'float32')
console.log(`${read.path}: ${(await read.shape())?.join(' x ')}, in ${await read.attributes.get('unit')}`)

// The x of every hundredth frame.
const { data } = await read.read([{ step: 100 }, 0])
console.log(`x: ${Array.from(data, (x) => x.toFixed(1)).join(' ')}`)

// Row by row into the same array, without allocating memory.
const row = new Float32Array(2)
let length = 0
let [x0 = 0, y0 = 0] = read.readSync([0]).data
for (let frame = 1; frame < 600; frame++) {
  const [x = 0, y = 0] = read.readSync([frame], { into: row }).data
  length += Math.hypot(x - x0, y - y0)
  ;[x0, y0] = [x, y]
}
console.log(`swum: ${length.toFixed(1)} cm`)

const events = await (await again.dataset('arena/events', table)).read()
console.log(events.data.what.map((what, i) => `${events.data.frame[i]}: ${what}`).join(', '))
await again.close()
