// The h5wasm peer: fills blocks as we do, or takes them ready, and appends whole blocks to gzip 4 datasets. Booleans are int8
// here, since h5wasm cannot create enums.
import h5wasm from 'h5wasm/node'
import { parameters, report, settle } from '../support/child.mjs'
import { Columns } from '../support/columns.mjs'
import { CHUNK, rigColumns, rigRecords } from '../support/workload.mjs'

const DTYPES = { BigInt64Array: '<q', Int32Array: '<i', Float32Array: '<f', Uint8Array: '<b' }
const PARENTS = ['camera_assignments', 'bboxes']

class Writer {
  constructor(path, columns) {
    this.file = new h5wasm.File(path, 'w')
    this.rows = 0
    const group = this.file.create_group('tracking')
    group.create_attribute('camera_names', columns.cameraNames)
    for (const parent of PARENTS) group.create_group(parent)
    this.datasets = columns.datasets().map(({ path: name, row, data }) => {
      const [parent, camera] = name.split('/')
      const place = camera === undefined ? group : group.get(parent)
      place.create_dataset({
        name: camera ?? parent,
        data: data.subarray(0, 0),
        shape: [0, ...row],
        maxshape: [null, ...row],
        chunks: [CHUNK, ...row],
        dtype: DTYPES[data.constructor.name],
        compression: 4,
      })
      return group.get(name)
    })
  }

  append(columns) {
    const start = this.rows
    this.rows += columns.frameIndex.length
    for (const [i, { row, data }] of columns.datasets().entries()) {
      this.datasets[i].resize([this.rows, ...row])
      this.datasets[i].write_slice([[start, this.rows], ...row.map((n) => [0, n])], data)
    }
    this.file.flush()
  }
}

async function writeRecords(path, frames) {
  const { cameraNames, tracks, fish } = rigRecords()
  const block = new Columns(cameraNames, fish, CHUNK)
  await settle()
  const start = performance.now()
  const writer = new Writer(path, block)
  for (let frame = 0; frame < frames; frame++) {
    block.fill(frame % CHUNK, frame, tracks[frame % tracks.length])
    if (frame % CHUNK === CHUNK - 1) {
      writer.append(block)
      block.clear()
    }
  }
  writer.file.close()
  return (performance.now() - start) / 1000
}

async function writeColumns(path, frames) {
  const { batches } = rigColumns()
  await settle()
  const start = performance.now()
  const writer = new Writer(path, batches[0])
  for (let frame = 0; frame < frames; frame += CHUNK) {
    const batch = batches[(frame / CHUNK) % batches.length]
    batch.number(frame)
    writer.append(batch)
  }
  writer.file.close()
  return (performance.now() - start) / 1000
}

/** Reads everything into typed arrays. */
function readAll(path) {
  const file = new h5wasm.File(path, 'r')
  const group = file.get('tracking')
  const results = {}
  for (const name of group.keys()) {
    const item = group.get(name)
    if (!PARENTS.includes(name)) results[name] = item.value
    else results[name] = Object.fromEntries(item.keys().map((camera) => [camera, item.get(camera).value]))
  }
  file.close()
  return results
}

function read(path, rounds) {
  const seconds = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    readAll(path)
    seconds.push((performance.now() - start) / 1000)
  }
  return seconds
}

await h5wasm.ready
const { command, path, frames, rounds } = parameters()
if (command === 'write-records') report({ seconds: await writeRecords(path, frames) })
else if (command === 'write-columns') report({ seconds: await writeColumns(path, frames) })
else if (command === 'read') report({ seconds: read(path, rounds) })
else throw new Error(`no command ${command}`)
