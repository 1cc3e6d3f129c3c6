// The h5wasm side of the rows in rows/floor/.
import { readFileSync } from 'node:fs'
import h5wasm from 'h5wasm/node'
import { parameters, report } from '../support/child.mjs'
import { timed } from '../support/statistics.mjs'

const COMMANDS = {
  row({ path, rows, columns, reads }) {
    const file = new h5wasm.File(path, 'r')
    const dataset = file.get('rows')
    const read = (i) =>
      dataset.slice([
        [i, i + 1],
        [0, columns],
      ])
    read(0)
    const { seconds } = timed(1, () => {
      for (let i = 0; i < reads; i++) read(i % rows)
    })
    file.close()
    return { seconds: seconds / reads }
  },

  write_gzip({ path, source, shape, chunks }) {
    const data = doubles(source)
    const start = performance.now()
    const file = new h5wasm.File(path, 'w')
    file.create_dataset({ name: 'walk', data, shape, chunks, compression: 4 })
    file.close()
    return { seconds: (performance.now() - start) / 1000 }
  },

  read_gzip({ path, rounds }) {
    const file = new h5wasm.File(path, 'r')
    const dataset = file.get('walk')
    const result = timed(rounds, () => dataset.value)
    file.close()
    return result
  },

  /** h5wasm returns records as arrays of values, which are turned into columns like ours. */
  read_table({ path, rounds }) {
    const file = new h5wasm.File(path, 'r')
    const dataset = file.get('table')
    const names = dataset.metadata.compound_type.members.map(({ name }) => name)
    const result = timed(rounds, () => {
      const records = dataset.value
      return names.map((_, i) => Array.from(records, (record) => record[i]))
    })
    file.close()
    return result
  },
}

function doubles(path) {
  const bytes = readFileSync(path)
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
}

await h5wasm.ready
const { command, ...rest } = parameters()
report(COMMANDS[command](rest))
