import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readTrackingResultsSync, TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import type { Frame } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { h5tracks } from './served.js'

// CSV as programs and spreadsheets write it: import reads what is unambiguous as it was meant, and refuses the rest.

interface Table {
  args: string[]
  cameras: string[]
  frames: { frame: number; tracks: Frame['tracks'] }[]
}

const read = (path: string) => readTrackingResultsSync(path)

test('import reads CSV in random dialects of Python’s csv module as it was meant', async () => {
  const directory = dirname(scratch())
  const expected = await runPython('csv_dialects.py', [directory, '30', '20261129'])
  for (const [n, line] of expected.trimEnd().split('\n').entries()) {
    const { args, cameras, frames } = JSON.parse(line) as Table
    const out = scratch()
    const { code, stderr } = await h5tracks(['import', join(directory, `${n}.csv`), out, ...args])
    expect({ n, code, stderr }).toEqual({ n, code: 0, stderr: '' })
    const meant = frames.map(({ frame, tracks }) => ({ frameIndex: frame, tracks }))
    const slots = Math.max(...meant.map(({ tracks }) => tracks.length))
    expect(columnsRead(read(out)), `table ${n}`).toEqual(columnsOf(meant, cameras, slots))
  }
})

async function imported(input: string | Buffer, ...args: string[]) {
  const [source, out] = [scratch('fish.csv'), scratch()]
  writeFileSync(source, input)
  return { out, ...(await h5tracks(['import', source, out, ...args])) }
}

describe('numbers in cells of CSV', () => {
  const x = async (cell: string) => {
    const { code, stderr, out } = await imported(`frame,id,x,y,z\n0,1,${cell},2,3\n`)
    return code === 0 ? read(out).centroid3d.data[0] : stderr
  }

  test.each([
    '0x1F',
    '0b1',
    '0o7',
    '1_000',
    '12px',
    'Infinity',
    '-Infinity',
    'inf',
    '١',
    '1e',
    '.',
    '+',
    '1 2',
    '--1',
    '1e999',
    '2026-11-29',
    '"1,5"',
    '"1,000"',
    '"1,234.5"',
    'true',
  ])('import of CSV refuses %s as a number', async (cell) => {
    expect(await x(cell)).toMatch(/fish\.csv:2: column 3 \(x\): .* is (not a number|larger than any number)/)
  })

  test.each([
    ['+5', 5],
    ['-.5', -0.5],
    ['5.', 5],
    [' 12 ', 12],
    ['1.25E+2', 125],
    ['007', 7],
  ])('import of CSV reads %s as %d', async (cell, value) => {
    expect(await x(cell)).toBe(value)
  })

  test.each(['0x1F', '1.5', '', 'Infinity', '1_0', '9007199254740993.0', '1e400'])(
    'import of CSV refuses the frame number %j',
    async (cell) => {
      const { code, stderr } = await imported(`frame,id,x,y,z\n${cell},1,1,2,3\n`)
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('is not an integer') })
    },
  )

  test.each([
    ['1.000000000000000000e+00', 1n],
    ['1e+05', 100000n],
    ['12.0', 12n],
    ['+3', 3n],
    ['9007199254740993', 9007199254740993n],
  ])('import of CSV reads the frame number %s as %d', async (cell, frame) => {
    const { out } = await imported(`frame,id,x,y,z\n${cell},1,1,2,3\n`)
    expect(read(out).frameIndex.data).toEqual(BigInt64Array.of(frame))
  })
})

describe('decimal commas', () => {
  test('import reads decimal commas in semicolon-separated CSV and reports it', async () => {
    const { out, stdout } = await imported('frame;id;x;y;z\n0;1;1,5;-2,25;3\n1,0;1;1,5e1;,5;4,\n')
    expect(stdout).toContain('decimal commas: 1,5 was read as 1.5\n')
    expect(read(out).centroid3d.data.subarray(0, 3)).toEqual(Float32Array.of(1.5, -2.25, 3))
    expect(read(out).centroid3d.data.subarray(3, 6)).toEqual(Float32Array.of(15, 0.5, 4))
  })

  test('import reads decimal commas in other CSV with --decimal-comma, which the error names', async () => {
    const input = 'frame,id,x,y,z\n0,1,"1,5",2,3\n'
    const { stderr } = await imported(input)
    expect(stderr).toContain('"1,5" is not a number; --decimal-comma reads 1,5 as 1.5')
    expect(read((await imported(input, '--decimal-comma')).out).centroid3d.data[0]).toBe(1.5)
  })

  test.each([
    [
      'points and commas in one file',
      'frame;id;x;y;z\n0;1;1,5;2,5;3\n1;1;1.5;2;3\n',
      ':3: column 3 (x): "1.5" is ambiguous',
    ],
    ['a point before a comma', 'frame;id;x;y;z\n0;1;1.5;2,5;3\n', ':2: column 4 (y): "2,5" is ambiguous'],
    ['thousands separators', 'frame;id;x;y;z\n0;1;1.234,5;2;3\n', ':2: column 3 (x): "1.234,5" is not a number'],
    [
      'cells that an unquoted comma cuts',
      'frame,id,x,y,z\n0,1,1,5,2,3\n',
      ':2: 6 columns, where the header has 5 (is there a decimal comma?)',
    ],
    [
      'cells that an unquoted comma cuts, with a trailing delimiter in the header',
      'frame,id,x,y,z,\n0,1,1,5,2,3\n',
      ':2: column 6 has no name, but holds "3"',
    ],
    [
      'cells that an unquoted comma cuts, with an empty last cell',
      'frame,id,x,y,z,confidence\n0,1,1,5,2,3,\n',
      ':2: 7 columns, where the header has 6',
    ],
  ])('import of CSV refuses ambiguous decimals: %s', async (_what, input, says) => {
    const { code, stderr } = await imported(input)
    expect(code).toBe(1)
    expect(stderr).toContain(says)
  })
})

describe('encodings, line ends, delimiters and comments of CSV', () => {
  const plain = 'frame,id,x,y,z\n0,1,1,2,3\n1,1,4,5,6\n'
  const meant = [1, 2, 3, 4, 5, 6]
  const positions = (path: string) => {
    const { centroid3d, fishId } = read(path)
    return [...fishId.data].flatMap((id, cell) =>
      id === 1 ? [...centroid3d.data.subarray(3 * cell, 3 * cell + 3)] : [],
    )
  }

  test.each([
    ['a CRLF header with LF rows', plain.replace('\n', '\r\n')],
    ['an LF header with CRLF rows', plain.replaceAll('\n', '\r\n').replace('\r\n', '\n')],
    ['CR alone', plain.replaceAll('\n', '\r')],
    ['sep=;', `sep=;\n${plain.replaceAll(',', ';')}`],
    ['"sep=\t", quoted', `"sep=\t"\r\n${plain.replaceAll(',', '\t')}`],
    [
      'a header name with the other delimiter',
      plain.replace('z', 'z;"a, b"').replaceAll(',', ';').replace('a; b', 'a, b').replaceAll(/\d$/gm, '$&;c'),
    ],
    ['a trailing delimiter everywhere', plain.replaceAll('\n', ',\n')],
    ['a trailing delimiter in the header', plain.replace('\n', ',,\n')],
    ['an index without a name, as pandas writes it', plain.replace('frame', ',frame').replaceAll(/^\d/gm, '7,$&')],
    ['comments, and a header in one, as numpy writes it', `# by "me"\n# ${plain.replace('\n', '\n# it\'s "5"\n')}#\n`],
    ['empty rows at the end', `${plain},,,,\n   \n\n`],
    ['UTF-16, little-endian', Buffer.from(`\ufeff${plain}`, 'utf16le')],
    ['UTF-16, big-endian', Buffer.from(`\ufeff${plain}`, 'utf16le').swap16()],
    ['UTF-8 with a byte order mark and quotes', `\ufeff${plain.replaceAll(/\w+/g, '"$&"')}`],
  ])('import of CSV gives the same file with %s', async (_what, input) => {
    const { code, stderr, out } = await imported(input)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(positions(out)).toEqual(meant)
  })

  test('import does not take a first cell that begins with # for a comment', async () => {
    const { out, stdout } = await imported('colour,frame,id,x,y,z\n#ff0000,0,1,1,2,3\nred,1,1,4,5,6\n')
    expect(positions(out)).toEqual(meant)
    expect(stdout).not.toContain('comments')
  })

  test.each([
    ['a header in Latin-1', Buffer.from('frame,id,x,y,z,cam\xe9_det_index\n0,1,1,2,3,4\n', 'latin1'), 'not UTF-8'],
    ['UTF-16 without a byte order mark', Buffer.from(plain, 'utf16le'), 'is not text'],
    ['UTF-16 that ends inside a character', Buffer.from(`\ufeff${plain}\ud83d`, 'utf16le').subarray(0, -1), 'UTF-16'],
    ['a repeated column name', plain.replace('z\n', 'z,note,note\n'), 'two columns "note"'],
  ])('import of CSV refuses %s', async (_what, input, says) => {
    const { code, stderr } = await imported(input)
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(says) })
  })
})

describe('CSV sorted by fish', () => {
  const rows = [1, 2, 3].flatMap((id) => [5, 6, 8].map((frame) => `${frame},${id},${frame},${id},0`))
  const input = ['frame,id,x,y,z', ...rows, ''].join('\n')
  const frames = (path: string) => {
    const { frameIndex, fishId } = read(path)
    return [...frameIndex.data].map((frame, row) => [Number(frame), ...fishId.data.subarray(3 * row, 3 * row + 3)])
  }

  test.each([[[]], [['--sort']]])('import %j groups the rows of each frame and fills missing frames', async (args) => {
    const { out, stdout } = await imported(input, ...args)
    expect(stdout).toContain('4 frames (5 to 8)')
    expect(stdout).toContain('rows were not in the order of the frames: sorted\n')
    expect(frames(out)).toEqual([
      [5, 1, 2, 3],
      [6, 1, 2, 3],
      [7, -1, -1, -1],
      [8, 1, 2, 3],
    ])
  })

  test('import --any-frame-order groups the rows of each frame in the order of their first rows', async () => {
    const { out } = await imported(input.replaceAll('\n5,', '\n9,'), '--any-frame-order')
    expect(frames(out)).toEqual([
      [9, 1, 2, 3],
      [6, 1, 2, 3],
      [8, 1, 2, 3],
    ])
  })

  test('import --sort names the line of the second row of a duplicate fish', async () => {
    const { stderr } = await imported(`${input}6,1,1,1,1\n`, '--sort')
    expect(stderr).toContain('fish.csv:11: column 2 (id): frame 6')
    expect(stderr).toContain('[ERR_DUPLICATE_FISH]')
  })

  test('import --sort names the line of a bad row', async () => {
    const { stderr } = await imported(input.replace('6,2,6', '6,2,0x6'), '--sort')
    expect(stderr).toContain('fish.csv:6: column 3 (x): "0x6" is not a number')
  })
})

describe('CSV without a column confirmed', () => {
  const input = 'frame,id,x,y,z,n_cameras\n0,1,1,2,3,1\n0,2,1,2,3,2\n0,3,1,2,3,3\n'

  test.each([
    [[], [0, 1, 1], 'those in 2 cameras or more are'],
    [['--confirmed', '3'], [0, 0, 1], 'those in 3 cameras or more are'],
    [['--confirmed', 'all'], [1, 1, 1], 'all are'],
    [['--confirmed', 'none'], [0, 0, 0], 'none are'],
  ])('import of CSV without a column confirmed decides it by the options %j', async (args, confirmed, says) => {
    const { out, stdout } = await imported(input, ...args)
    expect([...read(out).isConfirmed.data.subarray(0, 3)]).toEqual(confirmed)
    expect(stdout).toContain(
      `3 records for which the input does not say whether the fish is confirmed: ${says} (see --confirmed)`,
    )
  })

  test('import takes confirmation from the column confirmed of CSV', async () => {
    const confirmed = input.replace('n_cameras', 'confirmed').replaceAll(/3,[123]$/gm, '3,1.0')
    const { out, stdout } = await imported(confirmed)
    expect([...read(out).isConfirmed.data.subarray(0, 3)]).toEqual([1, 1, 1])
    expect(stdout).not.toContain('--confirmed')
    using reader = new TrackingReader(out)
    expect(reader.length).toBe(1)
  })
})
