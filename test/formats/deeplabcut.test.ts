import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FrameReader } from 'h5tracks'
import { convert, detectFormat } from 'h5tracks/formats'
import { beforeAll, describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { pandasAbsent } from '../support/formats/pandas.js'
import { h5py, runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// pandas and PyTables write the files, and pandas says what is in them.

interface Seen {
  names: string[]
  columns: string[][]
  index: (string | number)[]
  values: (number | null)[][]
}

const folder = join(dirname(scratch('x')), 'dlc')
let seen: Record<string, Seen> = {}
beforeAll(async () => {
  if (pandasAbsent) return
  mkdirSync(folder)
  seen = JSON.parse(await runPython('deeplabcut_files.py', [folder]))
})

const kinds = ['single', 'multi', 'unique', 'shuffled', 'space', 'late', 'images']
const files = [
  ...kinds.flatMap((kind) => [`${kind}.csv`, `${kind}_fixed.h5`, `${kind}_table.h5`]),
  ...[
    'levels.csv',
    'levels_fixed.h5',
    'zlib_fixed.h5',
    'zlib_table.h5',
    'mixed_fixed.h5',
    'mixed_table.h5',
    'named.csv',
    'packed.csv.gz',
  ],
]

/** The known values of a row by individual, body part and coordinate. */
type Row = Record<string, number>

function rowsOf({ names, columns, values }: Seen): Row[] {
  const [who, part, coord] = ['individuals', 'bodyparts', 'coords'].map((name) => names.indexOf(name))
  const key = (column: string[]) => [column[who!] ?? '', column[part!], column[coord!]].join('|')
  return values.map((row) =>
    Object.fromEntries(row.flatMap((value, i) => (value === null ? [] : [[key(columns[i] as string[]), value]]))),
  )
}

async function ours(path: string, group?: string): Promise<{ labels: (string | number)[]; rows: Row[] }> {
  using reader = new FrameReader(path, group)
  const names = (reader.metadata.names ?? ['']) as string[]
  const nodes = reader.layout.axes.get('node') as string[]
  const labels: (string | number)[] = []
  const rows: Row[] = []
  for await (const { frameIndex, records, perFrame } of reader.frames()) {
    labels.push((perFrame.image as string | undefined) ?? Number(frameIndex))
    const row: Row = {}
    for (const record of records as { individual: number; keypoints: Float64Array; confidence: Float64Array }[]) {
      const { individual, keypoints, confidence } = record
      const dimensions = keypoints.length / nodes.length
      for (const [n, node] of nodes.entries()) {
        for (let d = 0; d < dimensions; d++)
          row[`${names[individual]}|${node}|${'xyz'[d]}`] = keypoints[n * dimensions + d]!
        row[`${names[individual]}|${node}|likelihood`] = confidence[n]!
      }
    }
    rows.push(Object.fromEntries(Object.entries(row).filter(([, value]) => !Number.isNaN(value))))
  }
  return { labels, rows }
}

async function imported(path: string) {
  const to = scratch('poses.h5')
  return { ...(await convert(path, to)), to }
}

test.skipIf(pandasAbsent).each(files)('%s goes in with the values that pandas reads', async (file) => {
  const path = join(folder, file)
  expect((await detectFormat(path)).name).toBe(file.endsWith('.h5') ? 'deeplabcut' : 'deeplabcut-csv')
  const { to, report } = await imported(path)
  expect(await ours(to)).toEqual({ labels: seen[file]?.index, rows: rowsOf(seen[file] as Seen) })
  expect(report.filter(({ kind }) => kind === 'lost')).toEqual([])
})

test.skipIf(pandasAbsent)(
  'the frames of labelled images have the numbers in their names, and every folder is a recording',
  async () => {
    const path = join(folder, 'several_table.h5')
    const { to, recordings, report } = await imported(path)
    expect(recordings).toEqual([
      { name: 'a', frames: 3 },
      { name: 'b', frames: 3 },
    ])
    const both = await Promise.all(['a', 'b'].map((group) => ours(to, group)))
    expect(both.flatMap(({ rows }) => rows)).toEqual(rowsOf(seen['several_table.h5'] as Seen))
    expect(report).toMatchObject([{ kind: 'guessed', what: 'index of frames' }])
    using reader = new FrameReader(to, 'b')
    expect((await reader.read()).frameIndex).toMatchObject({ data: new BigInt64Array([1n, 2n, 3n]) })
  },
)

test.skipIf(pandasAbsent)('scorer, names and the body parts of each individual are attributes', async () => {
  const { to } = await imported(join(folder, 'unique_fixed.h5'))
  using reader = new FrameReader(to)
  expect(reader.metadata).toMatchObject({ scorer: 'DLC_resnet50_clipshuffle1_1000', names: ['m1', 'm2', 'single'] })
  expect(JSON.parse(reader.metadata.bodyparts_of_individuals as string)).toEqual({
    ...{ m1: ['nose', 'tail'], m2: ['nose', 'tail'], single: ['nose', 'corner'] },
  })
})

describe('CSV', () => {
  const head = 'scorer,Ann,Ann\nbodyparts,nose,nose\ncoords,x,y\n'
  const csv = (text: string | Uint8Array) => {
    const path = scratch('clip.csv')
    writeFileSync(path, text)
    return path
  }

  test.each([
    ['line ends of Windows', `${head.replaceAll('\n', '\r\n')}0,1.5,2\r\n1,3,4\r\n`],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${head}0,1.5,2\n1,3,4\n`, 'utf16le')])],
    ['no line end at the end', `${head}0,1.5,2\n1,3,4`],
    ['names that pandas made distinct', `${head.replace('Ann,Ann', 'Ann,Ann.1')}0,1.5,2\n1,3,4\n`],
    ['quotes', `${head.replace('nose', '"nose"')}"0","1.5",2\n1,3,4\n`],
    ['frame numbers as floats', `${head}0.0,1.5,2\n1.0,3,4\n`],
  ])('with %s', async (_, text) => {
    const { to } = await imported(csv(text))
    expect(await ours(to)).toEqual({
      labels: [0, 1],
      rows: [
        { '|nose|x': 1.5, '|nose|y': 2 },
        { '|nose|x': 3, '|nose|y': 4 },
      ],
    })
  })

  test('columns that h5tracks has no place for are named and counted', async () => {
    const { report } = await imported(csv('scorer,A,A,A\nbodyparts,n,n,n\ncoords,x,y,visible\n0,1,2,1\n'))
    expect(report).toEqual([{ kind: 'lost', what: 'columns visible', count: 1, why: 'h5tracks has no place for them' }])
  })

  test.each([
    ['a cell that is no number', `${head}0,1,2\n1,3,z\n`, /line 5, column 3: holds "z"/],
    ['too many cells', `${head}0,1,2,3\n`, /line 4: has 4 cells; the header has 3/],
    ['a frame twice', `${head}4,1,2\n4,1,2\n`, /row 2 after the header: has the frame 4, which does not follow 4/],
    ['a negative frame', `${head}-4,1,2\n`, /row 1/],
    ['no coordinates', 'scorer,A\nbodyparts,n\ncoords,length\n0,1\n', /without x and y/],
    ['a column twice', 'scorer,A,A,A\nbodyparts,n,n,n\ncoords,x,y,x\n0,1,2,3\n', /column 4: is the second one for/],
    ['two scorers', 'scorer,A,A,B,B\nbodyparts,n,n,n,n\ncoords,x,y,x,y\n0,1,2,3,4\n', /split the file by scorer/],
    [
      'an unknown row of the header',
      'scorer,A,A\nbodyparts,n,n\nwhat,1,2\ncoords,x,y\n0,1,2\n',
      /line 3: begins with what/,
    ],
    [
      'bytes that are no text',
      Buffer.concat([Buffer.from(`${head}0,1,2\n`), Buffer.from([0xff, 0xc3])]),
      /cannot be read as text/,
    ],
  ])('%s is refused with its place', async (_, text, message) => {
    const path = csv(text)
    const error = await failure(() => convert(path, scratch('out.h5'), { from: 'deeplabcut-csv' }))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path })
    expect(error.message).toMatch(message)
  })

  test.skipIf(pandasAbsent)('a compressed file that ends early is refused', async () => {
    const whole = readFileSync(join(folder, 'packed.csv.gz'))
    const path = scratch('cut.csv.gz')
    writeFileSync(path, whole.subarray(0, whole.length - 50))
    expect(await failure(() => convert(path, scratch('out.h5')))).toMatchObject({ code: 'ERR_FORMAT', path })
  })
})

describe.skipIf(pandasAbsent)('damaged HDF5 files are refused with the place', () => {
  test.each([
    ['fixed', `del f['df_with_missing/axis0_level1']`, /axis0_level1: there is no such dataset/],
    ['fixed', `f['df_with_missing/axis0_label1'][0] = 99`, /has no label 99/],
    [
      'fixed',
      `del f['df_with_missing/block0_values']; f['df_with_missing/block0_values'] = np.zeros((3, 3))`,
      /shape \[3,3\]/,
    ],
    ['fixed', `f['df_with_missing/axis1'][5] = 3`, /row 5: has the frame 3, which does not follow 4/],
    [
      'table',
      `f['df_with_missing'].attrs['non_index_axes'] = np.bytes_(b'cos\\nsystem\\n.')`,
      /non_index_axes: is a pickle/,
    ],
    ['table', `f['df_with_missing'].attrs['non_index_axes'] = np.bytes_(b'(lp0\\n(L1L\\n')`, /it ends early/],
    [
      'table',
      `f['df_with_missing/table'].attrs['values_block_0_kind'] = np.bytes_(b'(lp0\\n.')`,
      /names 0 columns; the block has/,
    ],
    ['table', `del f['df_with_missing/table']`, /table: there is no such dataset/],
  ])('%s: %s', async (form, edit, message) => {
    const path = scratch('damaged.h5')
    writeFileSync(path, readFileSync(join(folder, `multi_${form}.h5`)))
    await h5py(path, 'r+', edit)
    const error = await failure(() => convert(path, scratch('out.h5'), { from: 'deeplabcut' }))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path })
    expect(error.message).toMatch(message)
  })
})
