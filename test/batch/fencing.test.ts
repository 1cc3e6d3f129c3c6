import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FolderStore, markDead, openRun, type Store, type TrackingRunWriter } from 'h5tracks/batch'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { scratch } from '../support/scratch.js'
import { expectRun, options, tracks } from './shards.js'

// Attempts that overlap, replies that are lost, and stores that break the condition on which the log rests.

function write(run: TrackingRunWriter, to: number) {
  for (let frame = run.nextFrame; frame < to; frame++) run.writeFrame(frame, tracks(frame))
}

/** A folder whose calls go through `intercept`, which may do something else. */
function storeWith(
  folder: string,
  intercept: (call: 'putIfAbsent' | 'putFile' | 'get', key: string, real: () => Promise<unknown>) => Promise<unknown>,
): Store {
  const real = new FolderStore(folder)
  return {
    name: real.name,
    putIfAbsent: (key, bytes) => intercept('putIfAbsent', key, () => real.putIfAbsent(key, bytes)) as Promise<boolean>,
    putFile: (key, path) => intercept('putFile', key, () => real.putFile(key, path)) as Promise<object>,
    get: (key) => intercept('get', key, () => real.get(key)) as Promise<Uint8Array | null>,
    keys: (prefix) => real.keys(prefix),
    remove: (key) => real.remove(key),
    locate: (key) => real.locate(key),
  }
}

const isEntry = (key: string) => /^log.\d/.test(key)

describe('an attempt that was superseded', () => {
  test('is fenced at its next publish, without a trace of its frames', async () => {
    const target = scratch('run')
    const old = await openRun(target, options)
    write(old, 25)
    await expect.poll(() => old.publishedFrames).toBe(20)
    write(old, 35)
    const next = await openRun(target, options)
    expect(next).toMatchObject({ epoch: 2, nextFrame: 20 })
    write(old, 45)
    await expect.poll(() => old.signal.aborted).toBe(true)
    expect(old.signal.reason).toMatchObject({ code: 'ERR_FENCED', path: target })
    expect(await failure(() => old.writeFrame(45, tracks(45)))).toMatchObject({ code: 'ERR_FENCED' })
    expect(await failure(() => old.drain())).toMatchObject({ code: 'ERR_FENCED' })
    expect(await failure(() => old.seal())).toMatchObject({ code: 'ERR_FENCED' })
    await old.close()
    write(next, 45)
    await next.seal()
    const { shards } = await expectRun(target, 45)
    expect(readdirSync(join(target, 'shards'))).toEqual(shards.map(({ name }) => name))
  })

  test.each([
    ['seal', (run: TrackingRunWriter) => run.seal()],
    ['claim check', (run: TrackingRunWriter) => run.checkClaim()],
  ])('is fenced at its next %s, also when the next one has sealed the run', async (_, act) => {
    const target = scratch('run')
    const old = await openRun(target, options)
    await old.checkClaim()
    write(old, 5)
    const next = await openRun(target, options)
    write(next, 45)
    await next.seal()
    const error = await failure(() => act(old))
    expect(error).toMatchObject({ code: 'ERR_FENCED', path: target })
    expect(error.message).toMatch(/claimed by a later attempt \(number 2, after this one, number 1\)/)
    await old.close()
    await expectRun(target, 45)
  })

  test('rejects at its disposal if no other call has said that it is fenced', async () => {
    const target = scratch('run')
    const old = await openRun(target, options)
    await (await openRun(target, options)).close()
    write(old, 25)
    expect(await failure(() => old.close())).toMatchObject({ code: 'ERR_FENCED' })
  })

  test('is fenced, not failed, if its scratch files are gone', async () => {
    const target = scratch('run')
    const folder = scratch('scratch')
    const old = await openRun(target, { ...options, scratch: folder })
    write(old, 15)
    const next = await openRun(target, options)
    rmSync(folder, { recursive: true })
    expect(await failure(() => old.seal())).toMatchObject({ code: 'ERR_FENCED' })
    await next.close()
  })

  test('among many claims at the same time, each gets an epoch of its own and only the last is not fenced', async () => {
    const target = scratch('run')
    const runs = await Promise.all(Array.from({ length: 8 }, () => openRun(target, options)))
    expect(runs.map(({ epoch }) => epoch).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (const run of runs) write(run, 30)
    const outcomes = await Promise.all(
      runs.map((run) =>
        run.seal().then(
          () => 'sealed',
          ({ code }) => code,
        ),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'ERR_FENCED')).toHaveLength(7)
    expect(outcomes[runs.findIndex(({ epoch }) => epoch === 8)]).toBe('sealed')
    await expectRun(target, 30)
  })
})

describe('an attempt at a run that is marked dead meanwhile', () => {
  const acts: [string, (run: TrackingRunWriter) => Promise<unknown>][] = [
    ['publish', (run) => Promise.resolve(write(run, 25)).then(() => run.drain())],
    ['seal', (run) => run.seal()],
    ['claim check', (run) => run.checkClaim()],
  ]
  test.each(acts)('is fenced at its next %s, and the error says why the run was given up', async (_, act) => {
    const target = scratch('run')
    const old = await openRun(target, options)
    write(old, 5)
    expect(await markDead(target, new Error('three attempts failed'))).toBe(true)
    const error = await failure(() => act(old))
    expect(error).toMatchObject({ name: 'H5TracksError', code: 'ERR_FENCED', path: target })
    expect(error.message).toMatch(/was marked dead \("three attempts failed"\) while attempt 1 went on/)
    expect(old.signal.reason).toBe(error)
    await old.close()
    await expectRun(target, 0, 'dead')
    const next = await openRun(target, options)
    write(next, 45)
    await next.seal()
    await expectRun(target, 45)
  })
})

describe('a late entry of an attempt that was fenced', () => {
  test.each(['shard', 'seal'])('does not keep the attempt that lives from its next %s', async (type) => {
    const target = scratch('run')
    const old = await openRun(target, options)
    const next = await openRun(target, options)
    write(next, 20)
    await expect.poll(() => next.publishedFrames).toBe(20)
    const entry = JSON.parse(readFileSync(join(target, 'log/00000003.json'), 'utf8'))
    writeFileSync(join(target, 'log/00000004.json'), JSON.stringify({ ...entry, epoch: 1, id: 'late' }))
    write(next, type === 'shard' ? 45 : 20)
    await next.seal()
    await old.close()
    const frames = type === 'shard' ? 45 : 20
    await expectRun(target, frames)
  })

  test('is not made: an attempt that checks its claim while it publishes a shard puts no entry after the later claim', async () => {
    const target = scratch('run')
    const holds: (() => void)[] = []
    const store = storeWith(target, async (call, _, real) => {
      if (call === 'putFile') await new Promise<void>((resolve) => holds.push(resolve))
      return real()
    })
    const old = await openRun(store, options)
    write(old, 20)
    await expect.poll(() => holds.length).toBe(1)
    const next = await openRun(target, options)
    const checked = failure(() => old.checkClaim())
    expect(await checked).toMatchObject({ code: 'ERR_FENCED' })
    holds[0]?.()
    await old.close()
    expect(readdirSync(join(target, 'log'))).toHaveLength(2)
    write(next, 45)
    await next.seal()
    await expectRun(target, 45)
  })
})

describe('a store that fails', () => {
  test.each(['claim', 'shard', 'seal'])('a %s whose reply was lost counts once', async (type) => {
    const target = scratch('run')
    let lost = 0
    const store = storeWith(target, async (call, key, real) => {
      const result = await real()
      const own = () => JSON.parse(readFileSync(join(target, key), 'utf8')).type === type
      if (call === 'putIfAbsent' && isEntry(key) && lost < 2 && own()) {
        lost++
        throw new Error('socket hang up')
      }
      return result
    })
    const run = await openRun(store, options)
    write(run, 45)
    await run.seal()
    expect(lost).toBeGreaterThan(0)
    expect(readdirSync(join(target, 'log'))).toHaveLength(4)
    await expectRun(target, 45)
  })

  test('an entry that the store retried itself, and refused the second time, counts once', async () => {
    const target = scratch('run')
    const store = storeWith(target, async (call, key, real) => {
      const result = await real()
      return call === 'putIfAbsent' && isEntry(key) ? false : result
    })
    const run = await openRun(store, options)
    write(run, 45)
    await run.seal()
    await expectRun(target, 45)
  })

  test('an attempt that cannot put its entry fails with the error of the store, and the next one continues', async () => {
    const target = scratch('run')
    let broken = false
    const store = storeWith(target, async (call, key, real) => {
      if (broken && call === 'putIfAbsent' && isEntry(key))
        throw Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' })
      return real()
    })
    const run = await openRun(store, options)
    write(run, 20)
    await expect.poll(() => run.publishedFrames).toBe(20)
    broken = true
    write(run, 45)
    await expect(run.seal()).rejects.toMatchObject({ code: 'EHOSTUNREACH' })
    await run.close()
    broken = false
    const next = await openRun(store, options)
    expect(next.nextFrame).toBe(20)
    write(next, 45)
    await next.seal()
    await expectRun(target, 45)
  })

  test('an entry that arrives after its writer gave up counts, or is refused', async () => {
    const target = scratch('run')
    const late: (() => Promise<unknown>)[] = []
    const store = storeWith(target, async (call, key, real) => {
      if (call !== 'putIfAbsent' || key !== 'log/00000002.json') return real()
      late.push(real)
      throw new Error('timeout')
    })
    const run = await openRun(store, options)
    write(run, 20)
    await expect(run.seal()).rejects.toThrow('timeout')
    await late[0]?.()
    await expectRun(target, 20, 'open')
    const next = await openRun(target, options)
    expect(next.nextFrame).toBe(20)
    await Promise.all(late.map((put) => put()))
    await next.seal()
    await expectRun(target, 20)
  })

  test('writeFrame returns false at the end of a shard, and drain waits until it counts, so a kill costs at most one shard', async () => {
    const target = scratch('run')
    const store = storeWith(target, async (call, _, real) => {
      if (call === 'putFile') await sleep(50)
      return real()
    })
    const run = await openRun(store, options)
    const waits: number[] = []
    for (let frame = 0; frame < 100; frame++) {
      if (run.writeFrame(frame, tracks(frame))) continue
      await run.drain()
      if (run.length % 20 === 0) waits.push(run.length - run.publishedFrames)
    }
    expect(waits).toEqual([0, 0, 0, 0, 0])
    await run.seal()
    await expectRun(target, 100)
  })
})

describe('a store that cannot hold a run', () => {
  const ignoring = (target: string) =>
    storeWith(target, async (call, key, real) => {
      if (call !== 'putIfAbsent') return real()
      await new FolderStore(target).remove(key)
      return real()
    })
  const cases: [string, (target: string) => Store, RegExp][] = [
    ['puts an object over another one', ignoring, /replaced an object/],
    [
      'refuses new objects',
      (target) => storeWith(target, async (call, _, real) => (call === 'putIfAbsent' ? false : real())),
      /new object existed/,
    ],
    [
      'forgets objects',
      (target) => storeWith(target, async (call, _, real) => (call === 'get' ? null : real())),
      /did not return/,
    ],
    [
      'has no hard links',
      (target) =>
        storeWith(target, async () => {
          throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM', syscall: 'link' })
        }),
      /no hard links/,
    ],
  ]
  test.each(cases)('one that %s is refused before a claim', async (_, make, says) => {
    const target = scratch('run')
    const error = await failure(() => openRun(make(target), options))
    expect(error).toMatchObject({ code: 'ERR_UNSAFE_STORE', path: target })
    expect(error.message).toMatch(says)
    expect(await new FolderStore(target).keys('log/')).toEqual([])
  })
})

describe('cancellation', () => {
  test('a signal ends an attempt: frames and seal are refused, whole shards are kept', async () => {
    const target = scratch('run')
    const controller = new AbortController()
    const run = await openRun(target, { ...options, signal: controller.signal })
    write(run, 25)
    const reason = new Error('cancelled by the engine')
    controller.abort(reason)
    expect(() => run.writeFrame(25, tracks(25))).toThrow(reason)
    await expect(run.drain()).rejects.toBe(reason)
    await expect(run.seal()).rejects.toBe(reason)
    await run.close()
    await expectRun(target, 20, 'open')
    await expect(openRun(target, { ...options, signal: controller.signal })).rejects.toBe(reason)
    expect(readdirSync(join(target, 'log'))).toHaveLength(2)
  })
})
