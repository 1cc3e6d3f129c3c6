// Reads damaged copies of a file from the disk and by their URL, and compares. usage: damaged.js FILE COUNT
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { File } from 'h5tracks/hdf5'
import { mutate } from '../../hostile/mutate.js'
import { contents, outcome } from './contents.js'

const [path = '', count = ''] = process.argv.slice(2)
const source = readFileSync(path)
/** @type {Buffer} */
let bytes = source
const server = createServer((request, response) => {
  const [, first, last] = /(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
  const begin = Number(first)
  const end = Math.min(Number(last) + 1, bytes.length)
  if (begin >= bytes.length) return void response.writeHead(416).end()
  response.writeHead(206, {
    'content-range': `bytes ${begin}-${end - 1}/${bytes.length}`,
    'content-length': end - begin,
  })
  response.end(bytes.subarray(begin, end))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/damaged.h5`

/** Contents, or the code of the error. @param {() => Promise<File>} open */
const found = (open) =>
  outcome(async () => {
    const file = await open()
    try {
      return await contents(file)
    } finally {
      file.closeSync()
    }
  })

const isError = (/** @type {unknown} */ value) => typeof value === 'string' && value.startsWith('ERR_')

/** The same, or an error of any kind in both. @param {any} local @param {any} remote @returns {string[]} */
function differences(local, remote) {
  if (isError(local) || isError(remote)) return isError(local) && isError(remote) ? [] : [`${local} / ${remote}`]
  return [...new Set([...Object.keys(local), ...Object.keys(remote)])].filter((key) => {
    const [one, other] = [local[key], remote[key]]
    return !(isDeepStrictEqual(one, other) || (isError(one) && isError(other)))
  })
}

const result = { same: 0, refused: 0, different: /** @type {string[]} */ ([]) }
for (let seed = 1; seed <= Number(count); seed++) {
  bytes = mutate(source, seed)
  writeFileSync(path, bytes)
  const local = await found(() => File.open(path))
  const remote = await found(() => File.open(url, {}))
  const different = differences(local, remote)
  if (different.length > 0) result.different.push(`seed ${seed}: ${different.join(', ')}`)
  else if (isError(local)) result.refused++
  else result.same++
}
console.log(JSON.stringify(result))
server.close()
server.closeAllConnections()
