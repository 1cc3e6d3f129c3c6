import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { example } from './server.js'

// The examples of metrics, in a program that writes a run in two attempts, the first of which is fenced.

const attempts = `
import { openRun } from 'h5tracks/batch'
import { school } from 'frames'
const options = { cameras: ['north', 'east', 'south'], chunkFrames: 10, shardFrames: 10 }
async function write(run, to) {
  for (const { frameIndex, tracks } of school(to).slice(run.nextFrame)) if (!run.writeFrame(frameIndex, tracks)) await run.drain()
}
const first = await openRun(process.argv[2], options)
await write(first, 20)
const second = await openRun(process.argv[2], options)
await first.seal().catch(({ code }) => console.error(code))
await write(second, 45)
const { shards } = await second.seal()
const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0)
`
/** The module specifier of a package that the program, which is in a temporary folder, would not find. */
const of = (name: string) => JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve(name)).href)
const code = (name: string) => pathToFileURL(example(name)).href

test('examples/batch/prometheus.mjs counts frames, bytes, times, fenced and recovered attempts', async () => {
  const { stdout, stderr } = await runNode(
    `import { register } from ${JSON.stringify(code('batch/prometheus.mjs'))}
${attempts}
console.log(JSON.stringify([bytes, await register.getMetricsAsJSON()]))`,
    [scratch('run')],
  )
  expect(stderr).toBe('ERR_FENCED\n')
  const [bytes, metrics] = JSON.parse(stdout) as [
    number,
    { name: string; values: { value: number; metricName?: string }[] }[],
  ]
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.values.at(-1)?.value
  expect(value('h5tracks_frames_total')).toBe(45)
  expect(value('h5tracks_bytes_total')).toBe(bytes)
  expect(value('h5tracks_fenced_total')).toBe(1)
  expect(value('h5tracks_recovered_total')).toBe(1)
  expect(value('h5tracks_publish_seconds')).toBe(5) // the number of shards
  expect(value('h5tracks_encode_seconds_total')).toBeGreaterThan(0)
  expect(value('h5tracks_commit_seconds_total')).toBeGreaterThan(0)
  expect(value('h5tracks_longest_wait_seconds')).toBeGreaterThanOrEqual(0)
  expect(value('h5tracks_queue_depth')).toBe(0)
})

test('examples/batch/opentelemetry.mjs records the same', async () => {
  const { stdout, stderr } = await runNode(
    `import { metrics } from ${of('@opentelemetry/api')}
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from ${of('@opentelemetry/sdk-metrics')}
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3600000 })] })
metrics.setGlobalMeterProvider(provider)
await import(${JSON.stringify(code('batch/opentelemetry.mjs'))})
${attempts}
await provider.forceFlush()
const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
console.log(JSON.stringify([bytes, all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(({ value, attributes }) => ({ value: value.count ?? value, ...attributes }))])]))
await provider.shutdown()`,
    [scratch('run')],
  )
  expect(stderr).toBe('ERR_FENCED\n')
  const [bytes, points] = JSON.parse(stdout)
  const values = Object.fromEntries(points)
  expect(values['h5tracks.frames']).toEqual([{ value: 45 }])
  expect(values['h5tracks.bytes']).toEqual([{ value: bytes }])
  expect(values['h5tracks.attempts']).toEqual([
    { value: 2, kind: 'claim' },
    { value: 1, kind: 'fenced' },
    { value: 1, kind: 'seal' },
  ])
  for (const name of ['publish', 'queue', 'wait']) expect(values[`h5tracks.${name}`]).toEqual([{ value: 5 }])
  expect(values['h5tracks.encode'][0].value).toBeGreaterThan(0)
  expect(values['h5tracks.commit'][0].value).toBeGreaterThan(0)
})

test.each(['batch/prometheus.mjs', 'batch/opentelemetry.mjs'])('examples/%s has at most 30 lines', (name) => {
  expect(readFileSync(example(name), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(30)
})
