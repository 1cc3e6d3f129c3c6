// Our side of the rows in rows/floor/.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { File } from '../../dist/library/hdf5.js'
import { parameters, report } from '../support/child.mjs'
import { median, timed } from '../support/statistics.mjs'

const COMMANDS = {
  row({ path, rows, columns, reads }) {
    const file = new File(path)
    const dataset = file.datasetSync('rows')
    const into = new Float64Array(columns)
    const options = { into }
    const all = () => {
      for (let i = 0; i < reads; i++) dataset.readSync([i % rows, null], options)
    }
    return { seconds: timed(2, all).seconds / reads }
  },

  write_contiguous({ path, elements }) {
    const data = new Float64Array(elements)
    for (let i = 0; i < elements; i++) data[i] = i
    const write = () => {
      const start = performance.now()
      const file = new File(path, 'w')
      file.createDatasetSync('values', { type: 'float64', shape: [elements] }, data)
      file.closeSync()
      return (performance.now() - start) / 1000
    }
    const first = write()
    rmSync(path)
    return { seconds: write(), first }
  },

  read_contiguous({ path, rounds }) {
    const file = new File(path)
    const dataset = file.datasetSync('values')
    return timed(rounds, () => dataset.readSync())
  },

  /** Columns that are random walks with two decimals, like measured positions. */
  make_walk({ path, rows, columns }) {
    const out = openSync(path, 'w')
    const at = new Float64Array(columns)
    const block = new Float64Array(columns * 4096)
    let seed = 1
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      return seed / 2 ** 32
    }
    for (let row = 0; row < rows; row += 4096) {
      for (let i = 0; i < block.length; i++) {
        const step = Math.round(100 * (random() + random() + random() + random() - 2)) / 100
        at[i % columns] = Math.round(100 * (at[i % columns] + step)) / 100
        block[i] = at[i % columns]
      }
      writeSync(out, block)
    }
    closeSync(out)
    return {}
  },

  async write_gzip({ path, source, shape, chunks }) {
    const data = doubles(source)
    const start = performance.now()
    const file = new File(path, 'w')
    await file.createDataset('walk', { type: 'float64', shape, chunks, filters: ['deflate'] }, data)
    await file.close()
    return { seconds: (performance.now() - start) / 1000 }
  },

  async read_gzip({ path, rounds }) {
    const file = new File(path)
    const dataset = await file.dataset('walk')
    return timedLater(rounds, () => dataset.read())
  },

  small_datasets({ path, count }) {
    const data = Float64Array.from({ length: 10 }, (_, i) => i)
    const times = [performance.now()]
    within(new File(path, 'w'), (file) => {
      const group = file.createGroupSync('many')
      for (let i = 0; i < count; i++) group.createDatasetSync(`d${i}`, { type: 'float64' }, data).close()
    })
    times.push(performance.now())
    const names = within(new File(path), (file) => file.groupSync('many').keysSync())
    times.push(performance.now())
    within(new File(path), (file) => {
      const group = file.groupSync('many')
      for (const name of names) {
        const dataset = group.datasetSync(name)
        dataset.readSync()
        dataset.close()
      }
    })
    times.push(performance.now())
    return parts(times, ['created', 'listed', 'read'])
  },

  small_attributes({ path, count }) {
    within(new File(path, 'w', { libver: ['latest', 'latest'] }), (file) => file.createGroupSync('many'))
    const times = [performance.now()]
    within(new File(path, 'r+', { libver: ['latest', 'latest'] }), (file) => {
      const { attributes } = file.groupSync('many')
      for (let i = 0; i < count; i++) attributes.setSync(`a${i}`, i, { type: 'float64' })
    })
    times.push(performance.now())
    within(new File(path), (file) => {
      const { attributes } = file.groupSync('many')
      for (const name of attributes.keysSync()) attributes.getSync(name)
    })
    times.push(performance.now())
    return parts(times, ['written', 'read'])
  },

  read_table({ path, rounds }) {
    const file = new File(path)
    const dataset = file.datasetSync('table')
    return timed(rounds, () => dataset.readSync())
  },

  open({ path, times }) {
    const once = () => {
      const file = new File(path)
      if (file.attributes.getSync('unit') !== 'cm') throw new Error('not the attribute that was written')
      file.closeSync()
    }
    once()
    const all = () => {
      for (let i = 0; i < times; i++) once()
    }
    return { seconds: timed(1, all).seconds / times }
  },

  read_huge({ path, start, count }) {
    const file = new File(path)
    const dataset = file.datasetSync('values')
    const began = performance.now()
    const { data } = dataset.readSync([{ start, stop: start + count }])
    const seconds = (performance.now() - began) / 1000
    const step = (dataset.shapeSync()?.[0] ?? 0) / 64
    let right = data.length === count
    let marks = 0
    for (let i = 0; i < count; i++) {
      if (data[i] === 0) continue
      marks++
      right &&= (start + i) % step === 0 && data[i] === ((start + i) % 1009) + 1
    }
    const expected = Math.ceil((start + count) / step) - Math.ceil(start / step)
    return { seconds, right: right && marks === expected }
  },
}

function within(file, action) {
  const result = action(file)
  file.closeSync()
  return result
}

async function timedLater(rounds, action) {
  const seconds = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await action()
    seconds.push((performance.now() - start) / 1000)
  }
  return { seconds: median(rounds > 1 ? seconds.slice(1) : seconds) }
}

function parts(times, names) {
  const seconds = (from, to) => (times[to] - times[from]) / 1000
  return { ...Object.fromEntries(names.map((name, i) => [name, seconds(i, i + 1)])), all: seconds(0, times.length - 1) }
}

function doubles(path) {
  const bytes = readFileSync(path)
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
}

const { command, ...rest } = parameters()
report(await COMMANDS[command](rest))
