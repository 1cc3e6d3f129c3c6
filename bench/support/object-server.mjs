// Serves one file by HTTP range requests on 127.0.0.1, each answer `latency` ms late. Prints its URL.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [path, latency] = process.argv.slice(2)
const bytes = readFileSync(path)
const server = createServer((request, response) => {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const begin = Number(first)
  const end = Math.min(Number(last) + 1, bytes.length)
  setTimeout(() => {
    const range = `bytes ${begin}-${end - 1}/${bytes.length}`
    response.writeHead(206, { etag: '"1"', 'content-range': range, 'content-length': end - begin })
    response.end(bytes.subarray(begin, end))
  }, Number(latency))
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/run.h5`))
process.stdin.resume().on('end', () => process.exit())
