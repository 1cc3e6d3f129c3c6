import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { ObjectServer } from '../support/remote/server.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'

// Requests are made in a thread of their own, unless the process has replaced what makes them.

let server: ObjectServer
beforeAll(async () => {
  server = await ObjectServer.of(await written(school(100, 2), CAMERAS))
})
afterAll(() => server[Symbol.asyncDispose]())

/** Runs a program that reads the file and prints `own`, and how many frames it read. */
async function reading(before: string, after = ''): Promise<unknown> {
  const { stdout, stderr, code } = await runNode(
    `let own = 0;
${before}
const { TrackingReader } = await import('h5tracks')
const reader = await TrackingReader.open(process.argv[2])
const { length } = (await reader.read()).frameIndex.data
${after}
reader.close()
console.log(JSON.stringify({ own, length }))`,
    [server.url],
  )
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  return JSON.parse(stdout)
}

// Node's dispatcher is there from the first use of fetch on.
const dispatcher = `
new Headers()
const key = Symbol.for('undici.globalDispatcher.1')
const Agent = globalThis[key].constructor
globalThis[key] = new (class Proxy extends Agent { dispatch(...all) { own++; return super.dispatch(...all) } })()`
const fetchOfItsOwn = `
const real = globalThis.fetch
globalThis.fetch = (...all) => { own++; return real(...all) }`

describe('the requests of a process', () => {
  test.each([
    ['that never called fetch', ''],
    ['that has called fetch', `await fetch('data:,x')`],
  ])('%s are made in another thread, and end with it', async (_, before) => {
    // undici says in this thread which requests it makes.
    const count = `(await import('node:diagnostics_channel')).subscribe('undici:request:create', () => own++)\n`
    expect(await reading(count + before)).toEqual({ own: 0, length: 100 })
  })

  test.each([
    ['a dispatcher', dispatcher],
    ['a fetch', fetchOfItsOwn],
  ])('that has %s of its own go through it', async (_, before) => {
    expect(await reading(before)).toEqual({ own: expect.any(Number), length: 100 })
    const seen = (await reading(before)) as { own: number }
    expect(seen.own).toBeGreaterThan(0)
  })

  test('go through a fetch that replaces the one before while a file is open', async () => {
    const again = `const other = await TrackingReader.open(process.argv[2])\nother.close()`
    const seen = (await reading('', `${fetchOfItsOwn}\n${again}`)) as { own: number }
    expect(seen.own).toBeGreaterThan(0)
  })

  test('that may not start threads are made by its own', async () => {
    const refused = `
import threads from 'node:worker_threads'
import { syncBuiltinESMExports } from 'node:module'
threads.Worker = class { constructor() { own++; throw new Error('no threads here') } }
syncBuiltinESMExports()`
    expect(await reading(refused)).toEqual({ own: 1, length: 100 })
  })

  test('continue in its own thread if the other one has ended', async () => {
    const ended = `
import threads from 'node:worker_threads'
import { syncBuiltinESMExports } from 'node:module'
threads.Worker = class extends threads.Worker {
  postMessage(...all) { if (own++ === 0) this.terminate(); else super.postMessage(...all) }
}
syncBuiltinESMExports()`
    expect(await reading(ended)).toEqual({ own: 1, length: 100 })
  })
})
