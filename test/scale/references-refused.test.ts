import { copyFileSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { checkReferences, writeReferences } from 'h5tracks/batch'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { output } from '../support/process.js'
import { dropRows } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { shardsOf } from './shards.js'

describe('writeReferences refuses', () => {
  test('a file that ends inside a chunk and is not the last one, and names concat', async () => {
    const files = await shardsOf([20, 13, 10])
    const out = scratch()
    const error = await failure(() => writeReferences(files, out))
    expect([error.code, error.message]).toEqual(['ERR_FORMAT', expect.stringMatching(/shard-1\.h5.*concat/)])
    expect([existsSync(out), existsSync(`${out}.partial`)]).toEqual([false, false])
  })

  test('a dataset that lacks a chunk', async () => {
    const [file] = (await shardsOf([30], { compression: { level: 4, shuffle: false } })) as [string]
    await dropRows(file, 'tracking/bboxes/east', 10, 20)
    const error = await failure(() => writeReferences([file], scratch()))
    expect([error.code, error.message]).toEqual(['ERR_FORMAT', expect.stringMatching(/bboxes\/east.*2 of 3 chunks/)])
  })

  test('filters that Zarr does not undo', async () => {
    const [file] = (await shardsOf([20])) as [string]
    const other = scratch()
    await output('h5repack', ['-f', 'tracking/fish_id:NBIT', file, other])
    const error = await failure(() => writeReferences([other], scratch()))
    expect([error.code, error.message]).toEqual([
      'ERR_UNSUPPORTED_FILTER',
      expect.stringContaining('/tracking/fish_id'),
    ])
  })

  test('frames that do not go on, and an existing output', async () => {
    const files = await shardsOf([10, 10])
    expect((await failure(() => writeReferences([...files].reverse(), scratch()))).code).toBe('ERR_FRAME_ORDER')
    const out = scratch()
    writeFileSync(out, 'precious')
    expect((await failure(() => writeReferences(files, out))).code).toBe('EEXIST')
    expect(readFileSync(out, 'utf8')).toBe('precious')
    await writeReferences(files, out, { overwrite: true })
    expect(await checkReferences(out)).toEqual({ files: 2, problems: [], unchecked: [] })
  })
})

describe('the URLs of references', () => {
  const urlsIn = (path: string) => {
    const { refs } = JSON.parse(readFileSync(path, 'utf8')) as {
      refs: Record<string, string | [string, number, number]>
    }
    return [...new Set(Object.values(refs).flatMap((value) => (Array.isArray(value) ? [value[0]] : [])))]
  }

  test('lie below the base, with percent signs at http:', async () => {
    const [one, two] = (await shardsOf([10, 10])) as [string, string]
    const folder = dirname(dirname(one))
    const paths = [one, two].map((file) => file.slice(folder.length + 1))
    const out = scratch()
    await writeReferences([one, two], out, { base: 's3://bucket/day 1/' })
    expect(urlsIn(out)).toEqual(paths.map((path) => `s3://bucket/day 1/${path}`))
    const odd = join(dirname(one), 'shard 1%.h5')
    copyFileSync(one, odd)
    await writeReferences([odd], out, { base: 'https://host/x', overwrite: true })
    expect(urlsIn(out)).toEqual(['https://host/x/shard%201%25.h5'])
  })
})

describe('checkReferences finds', () => {
  test('a file that is missing, has another size or was modified', async () => {
    const [one, two, three] = (await shardsOf([10, 10, 10])) as [string, string, string]
    const out = scratch()
    await writeReferences([one, two, three], out)
    utimesSync(one, new Date(), new Date(statSync(one).mtimeMs + 5000))
    copyFileSync(three, two)
    await output('rm', [three])
    const { problems } = await checkReferences(out)
    expect(problems.map(({ url }) => url)).toEqual([one, two, three])
    expect(problems[0]?.problem).toContain('was modified at')
    expect(problems[1]?.problem).toMatch(/bytes instead of|was modified/)
    expect(problems[2]?.problem).toBe('the file is missing')
  })

  test('other contents by SHA-256, while a copy with the same contents is right', async () => {
    const [file] = (await shardsOf([10])) as [string]
    const out = scratch()
    await writeReferences([file], out, { sha256: true })
    const bytes = readFileSync(file)
    writeFileSync(file, bytes)
    utimesSync(file, new Date(), new Date(Date.now() + 9000))
    expect((await checkReferences(out)).problems).toEqual([])
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1
    writeFileSync(file, bytes)
    utimesSync(file, new Date(), new Date(Date.now() + 9000))
    expect((await checkReferences(out)).problems).toMatchObject([{ problem: expect.stringContaining('SHA-256') }])
  })

  test('an object at http: that was replaced, and leaves s3: unchecked', async () => {
    const [file] = (await shardsOf([10])) as [string]
    const { size } = statSync(file)
    let length = size
    const server = createServer((request, response) => {
      response
        .writeHead(request.url === `/${basename(file)}` ? 200 : 404, { 'content-length': length, etag: '"a"' })
        .end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const out = scratch()
      await writeReferences([file], out, { base })
      expect((await checkReferences(out)).problems).toEqual([])
      length = size + 1
      expect((await checkReferences(out)).problems).toEqual([
        { url: `${base}/${basename(file)}`, problem: `the object has ${size + 1} bytes instead of ${size}` },
      ])
      await writeReferences([file], out, { base: 's3://bucket', overwrite: true })
      expect(await checkReferences(out)).toEqual({
        files: 1,
        problems: [],
        unchecked: [`s3://bucket/${basename(file)}`],
      })
    } finally {
      server.close()
    }
  })

  test('a file that writeReferences did not write', async () => {
    const out = scratch()
    writeFileSync(out, '{"version":1,"refs":{}}')
    expect((await failure(() => checkReferences(out))).code).toBe('ERR_FORMAT')
  })
})
