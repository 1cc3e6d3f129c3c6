// JSON.parse alone over the lines of a file, which are already strings in memory: seconds spent in it.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parameters, report } from '../support/child.mjs'

const { path } = parameters()
let seconds = 0
let lines = []

function parse() {
  const start = performance.now()
  for (const line of lines) JSON.parse(line)
  seconds += (performance.now() - start) / 1000
  lines = []
}

for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
  lines.push(line)
  if (lines.length === 1000) parse()
}
parse()
report({ seconds })
