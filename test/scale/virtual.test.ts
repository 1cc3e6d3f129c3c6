import { spawnSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  defineLayout,
  FrameReader,
  FrameWriter,
  readTrackingResults,
  readTrackingResultsSync,
  TrackingReader,
} from 'h5tracks'
import { checkVirtual, concat, openRun, readRun, writeVirtual } from 'h5tracks/batch'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { options as runOptions, tracks } from '../batch/shards.js'
import { failure } from '../support/errors.js'
import { everyType } from '../support/frames/every-type.js'
import { output, startNode } from '../support/process.js'
import { askH5py, h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { school } from '../support/tracking/frames.js'
import { killed } from '../support/tracking/journal.js'
import { everyTypeFiles, pacedFiles, shardsOf } from './shards.js'

// What h5py finds in a file: values, types, attributes and the scales of every axis. References are compared by what they lead to.
const contents = `import hashlib
found = {}
def attrs(x): return {k: repr(v.tolist() if hasattr(v, "tolist") else v) + str(x.attrs.get_id(k).dtype) for k, v in x.attrs.items() if k not in ("DIMENSION_LIST", "REFERENCE_LIST")}
def add(name, x):
  found[name] = attrs(x)
  if isinstance(x, h5py.Dataset):
    found[name]["."] = [str(x.dtype), list(x.shape), hashlib.sha256(repr(x[()].tolist()).encode()).hexdigest()]
    if "CLASS" not in x.attrs: found[name]["scales"] = [[s.name for s in a.values()] + [a.label] for a in x.dims]
f.visititems(add)
found["/"] = attrs(f)
print(json.dumps(found))`
const contentsOf = async (path: string) => JSON.parse(await h5py(path, 'r', contents)) as Record<string, unknown>

/** Writes a virtual file, and expects that h5py finds in it what it finds in the joined file. */
async function expectWhole(files: readonly string[]): Promise<string> {
  const [whole, joined] = [scratch('whole.h5'), scratch('joined.h5')]
  const { layouts } = await writeVirtual(files, whole)
  const { layouts: expected } = await concat(files, joined)
  expect(layouts).toEqual(expected.map(({ name, frames }) => ({ name, frames })))
  const [shown, expectedContents] = await Promise.all([whole, joined].map(contentsOf))
  expect(shown).toEqual(expectedContents)
  expect(await checkVirtual(whole)).toMatchObject({ problems: [] })
  return whole
}

describe('a virtual file', () => {
  test.each([[[20, 30, 7]], [[13, 0, 4, 0, 3]], [[1]], [[0]]])(
    'of tracking files with %o frames gives h5py what concat gives',
    async (counts) => {
      const files = await shardsOf(counts, { metadata: { fps: 30, note: 'é☃' } })
      const whole = await expectWhole(files)
      const { sources } = await checkVirtual(whole)
      expect(sources).toBe(counts.filter((n) => n > 0).length)
      const joined = scratch('joined.h5')
      await concat(files, joined)
      const expected = await readTrackingResults(joined)
      expect(await readTrackingResults(whole, { external: true })).toEqual(expected)
      expect(readTrackingResultsSync(whole, { external: true })).toEqual(expected)
      using reader = new TrackingReader(whole, { external: true })
      const indices: number[] = []
      for await (const { frameIndex } of reader.frames()) indices.push(Number(frameIndex))
      expect(indices).toEqual(Array.from(expected.frameIndex.data, Number))
    },
  )

  test('of a run keeps the values in the shards, and h5dump shows the sources by relative paths', async () => {
    const name = scratch('tank')
    await using writer = await openRun(name, runOptions)
    for (let frame = 0; frame < 47; frame++) if (!writer.writeFrame(frame, tracks(frame))) await writer.drain()
    await writer.seal()
    const run = await readRun(name)
    const whole = join(dirname(name), 'whole.h5')
    expect(await writeVirtual(run, whole)).toEqual({
      path: whole,
      files: run.shards.length,
      layouts: [{ name: 'tracking', frames: 47 }],
    })
    const header = await output('h5dump', ['-pH', '-d', '/tracking/fish_id', whole])
    for (const shard of run.shards)
      expect(header).toContain(`FILE "tank/${shard.name.startsWith('shards/') ? '' : 'shards/'}${shard.name}"`)
    expect(await askH5py(whole, 'f["tracking/frame_index"][:].tolist()')).toEqual(
      Array.from({ length: 47 }, (_, i) => i),
    )
  })

  test('of fields of every type gives h5py what concat gives', async () => {
    const files = await everyTypeFiles([7, 7, 7], { fps: 30 })
    const whole = await expectWhole(files)
    using reader = new FrameReader(whole, everyType, { external: true })
    const read = await reader.read({ start: 5, stop: 16, fields: ['animalId', 'name', 'f16'] })
    expect(Array.from(read.name.data).filter((name) => name !== '')).toEqual(
      Array.from({ length: 11 }, (_, i) => `n${i + 5}`),
    )
    expect(reader.length).toBe(21)
  })

  test('of several layouts that have a pace of their own gives h5py what concat gives', async () => {
    const files = await pacedFiles({ poses: 9, imu: 33 })
    await expectWhole(files)
  })

  test('and its sources may be moved together, reached through links, and have names with percent signs', async () => {
    const [a, b] = (await shardsOf([12, 8])) as [string, string]
    const folder = scratch('lab')
    mkdirSync(join(folder, 'raw'), { recursive: true })
    renameSync(a, join(folder, 'raw', '50%b %%.h5'))
    renameSync(b, join(folder, 'b.h5'))
    symlinkSync(folder, `${folder}-link`)
    await writeVirtual(
      [join(folder, 'raw', '50%b %%.h5'), join(`${folder}-link`, 'b.h5')],
      join(`${folder}-link`, 'whole.h5'),
    )
    renameSync(folder, `${folder}-moved`)
    const whole = join(`${folder}-moved`, 'whole.h5')
    expect(await checkVirtual(whole)).toEqual({ sources: 2, problems: [] })
    expect(await askH5py(whole, 'f["tracking/frame_index"][:].tolist()')).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    )
    using file = new File(whole, 'r', { external: true })
    expect([...(file.datasetSync('tracking/frame_index').readSync().data as BigInt64Array)].map(Number)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    )
  })
})

describe('a reader of a virtual file', () => {
  test('refuses it without external: true, and an untrusted one with it', async () => {
    const [path] = (await shardsOf([5])) as [string]
    const whole = scratch('whole.h5')
    await writeVirtual([path], whole)
    const error = await failure(() => readTrackingResults(whole))
    expect([error.code, error.message]).toEqual(['ERR_FORMAT', expect.stringContaining('external: true')])
    const options = { untrusted: true, external: true } as object
    expect(await failure(() => TrackingReader.open(whole, options))).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      field: 'external',
    })
  })

  test('refuses to read fill values for a source that is missing', async () => {
    const files = await shardsOf([5, 5])
    const whole = scratch('whole.h5')
    await writeVirtual(files, whole)
    rmSync(files[1] as string)
    for (const open of [
      () => new TrackingReader(whole, { external: true }),
      () => new FrameReader(whole, { external: true }),
      () => FrameReader.open(whole, 'tracking', { external: true }),
    ]) {
      expect(await failure(open)).toMatchObject({ code: 'ENOENT', path: files[1] })
    }
  })
})

describe('writeVirtual', () => {
  test('refuses 101 files and names concat and writeReferences', async () => {
    const [path] = (await shardsOf([1])) as [string]
    const out = scratch()
    const error = await failure(() =>
      writeVirtual(
        Array.from({ length: 101 }, () => path),
        out,
      ),
    )
    expect([error.code, existsSync(out)]).toEqual(['ERR_INVALID_ARGUMENT', false])
    for (const text of ['101', 'concat', 'writeReferences']) expect(error.message).toContain(text)
  })

  test('of 100 files gives every frame under a limit of 256 open files', async () => {
    const imu = defineLayout({ group: 'imu', fields: { force: { type: 'float32' } } })
    const files: string[] = []
    for (let i = 0; i < 100; i++) {
      files.push(scratch())
      await using writer = new FrameWriter(files[i] as string, imu, { durability: 'none' })
      writer.writeFrame(i, { force: i })
      await writer.close()
    }
    const whole = scratch('whole.h5')
    await writeVirtual(files, whole)
    const code = 'import h5py, sys; print(h5py.File(sys.argv[1])["imu/force"][:].tolist())'
    const { stdout } = spawnSync('bash', ['-c', `ulimit -n 256; exec /usr/bin/python3 -c '${code}' "${whole}"`], {
      encoding: 'utf8',
    })
    expect(JSON.parse(stdout)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(await checkedUnder(256, whole)).toEqual({ sources: 100, problems: [] })
    const few = await checkedUnder(90, whole)
    expect(few.problems).toEqual([
      { path: whole, code: 'EMFILE', problem: expect.stringContaining('of the 100 sources') },
    ])
  })

  test('refuses files that do not continue one another or store another type, and leaves the output as it was', async () => {
    const files = await shardsOf([10, 10])
    const out = scratch('whole.h5')
    writeFileSync(out, 'mine')
    expect((await failure(() => writeVirtual(files, out))).code).toBe('EEXIST')
    rmSync(out)
    expect((await failure(() => writeVirtual(files.toReversed(), out))).code).toBe('ERR_FRAME_ORDER')
    const [first, second] = files as [string, string]
    await h5py(
      second,
      'r+',
      'x = f["tracking/n_cameras"]; v = x[:]; del f["tracking/n_cameras"]; f["tracking"].create_dataset("n_cameras", data=v.astype(">i4"), chunks=(10, 9))',
    )
    const error = await failure(() => writeVirtual([first, second], out))
    expect([error.code, error.message]).toEqual(['ERR_FORMAT', expect.stringContaining('/tracking/n_cameras')])
    expect([existsSync(out), existsSync(`${out}.partial`)]).toEqual([false, false])
    expect((await failure(() => writeVirtual([first], first, { overwrite: true }))).code).toBe('ERR_INVALID_ARGUMENT')
    await expectFrames(first, school(10))
  })
})

/** What `checkVirtual` says in a process that may have so many files open. */
async function checkedUnder(limit: number, path: string): Promise<{ sources: number; problems: unknown[] }> {
  const code = `import { checkVirtual } from 'h5tracks/batch'; console.log(JSON.stringify(await checkVirtual(process.argv[1])))`
  const args = ['-c', `ulimit -n ${limit}; exec "$0" --input-type=module -e "$1" "$2"`, process.execPath, code, path]
  const { stdout, stderr } = spawnSync('bash', args, { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

describe('checkVirtual reports a source', () => {
  async function broken(harm: (source: string) => unknown) {
    const files = await shardsOf([10, 10, 10])
    const whole = scratch('whole.h5')
    await writeVirtual(files, whole)
    const source = files[1] as string
    await harm(source)
    const { sources, problems } = await checkVirtual(whole)
    expect(sources).toBe(3)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.path).toBe(source)
    return problems[0]
  }

  test('that is missing, whose rows h5py reads as fill values', async () => {
    expect(await broken((source) => rmSync(source))).toMatchObject({ code: 'ENOENT' })
  })

  test('that is not HDF5', async () => {
    expect(await broken((source) => writeFileSync(source, 'text'))).toMatchObject({ code: 'ERR_NOT_HDF5' })
  })

  test('whose writer died', async () => {
    const dead = await killed(10)
    const link = (source: string) => {
      for (const end of ['', '.journal']) {
        rmSync(`${source}${end}`, { force: true })
        linkSync(`${dead}${end}`, `${source}${end}`)
      }
    }
    expect(await broken(link)).toMatchObject({ code: 'ERR_NEEDS_RECOVERY' })
  })

  test('that another process writes', async () => {
    let writer: Awaited<ReturnType<typeof startNode>> | undefined
    const hold = async (source: string) => {
      writer = await startNode(
        `import { TrackingWriter } from 'h5tracks'
        const writer = await TrackingWriter.resume(process.argv[2])
        console.log('open')
        process.stdin.on('end', () => writer.closeSync()).resume()`,
        [source],
      )
    }
    expect(await broken(hold)).toMatchObject({ code: 'ERR_LOCKED' })
    expect(await writer?.end()).toBe(0)
  })

  test('that has another length, type or layout', async () => {
    const replaced = async (how: Promise<string[]>) => renameSyncFrom((await how)[1] as string)
    expect((await broken(await replaced(shardsOf([10, 9]))))?.problem).toContain(
      'has the shape [ 9, 9, 4 ]; it was [ 10, 9, 4 ]',
    )
    expect((await broken(await replaced(shardsOf([10, 10], { maxFish: 4 }))))?.problem).toContain(
      'has the shape [ 10, 4, 4 ]; it was [ 10, 9, 4 ]',
    )
    expect(
      (
        await broken((source) =>
          h5py(
            source,
            'r+',
            'x = f["tracking/n_cameras"]; v = x[:]; del f["tracking/n_cameras"]; f["tracking"].create_dataset("n_cameras", data=v.astype(">i4"))',
          ),
        )
      )?.problem,
    ).toContain('/tracking/n_cameras has the type')
  })
})

const renameSyncFrom = (path: string) => (source: string) => renameSync(path, source)
