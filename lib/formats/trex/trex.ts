/** Tables that TRex exports, one for each animal, in CSV or npz; one of them, or the folder of all. */
import { statSync } from 'node:fs'
import type { Layout } from '../../layout/model.js'
import type { FieldSpecs } from '../../layout/spec.js'
import type { FormatCode, ReadOptions, Recording, Source } from '../core/format.js'
import { formatProblem } from '../core/problem.js'
import { attributesFrom } from '../dense/attributes.js'
import { pointsLayout } from '../dense/layout.js'
import { distinctGroups, posesOf } from '../poses/layout.js'
import { columnOf, type Roles, rolesOf } from './columns.js'
import { type AnimalFile, animalOf, filesIn, siblingsOf } from './files.js'
import { type Animal, merged } from './merge.js'
import { openTable, type Table } from './table.js'

const zip = Buffer.from('PK\x03\x04', 'latin1')
const names = /[XY]#\w*centroid|poseX0|[XY]\.npy/

export const trex: FormatCode = {
  detect(probe) {
    if (probe.entries) return [...filesIn(probe.path).keys()].length > 0 ? 0.8 : 0
    const text = probe.text()
    if (text === undefined) {
      const isArchive = zip.equals(probe.head.subarray(0, 4))
      const isNamed = names.test(Buffer.from(probe.head).toString('latin1'))
      return isArchive ? (animalOf(probe.path) ? 0.9 : isNamed ? 0.7 : 0) : 0
    }
    const roles = rolesOf((text.split(/\r?\n/, 1)[0] ?? '').split(',').map(columnOf))
    if (!roles) return 0
    return names.test(text.slice(0, 4096).split('\n', 1)[0] ?? '') ? 1 : animalOf(probe.path) ? 0.9 : 0
  },
  read: readTrex,
}

async function readTrex(path: string, options: ReadOptions): Promise<Source> {
  const { report } = options
  const isFolder = statSync(path).isDirectory()
  const groups = isFolder ? [...filesIn(path).values()] : [siblingsOf(path)]
  if (groups.length === 0)
    throw formatProblem(path, undefined, 'the folder has no files of animals', 'give a file that TRex exported')
  if (!isFolder && (groups[0]?.length ?? 0) > 1) {
    report.guessed('files of the animals', `${groups[0]?.length} of the same name beside the input`)
  }
  const opened: Table[] = []
  const close = async () => {
    for (const table of opened) table[Symbol.dispose]()
  }
  try {
    const recordings: Recording[] = []
    const wanted = distinctGroups(
      groups.map((files) => (isFolder && groups.length > 1 ? (files[0]?.prefix ?? '') : 'tracks')),
    )
    for (const [i, files] of groups.entries()) {
      const animals = await animalsOf(files, opened, options)
      if (animals.length > 0) recordings.push(recordingOf(animals, wanted[i] as string, options))
    }
    if (recordings.length === 0) {
      throw formatProblem(
        path,
        undefined,
        'it has no columns frame, X and Y, or poseX0 and poseY0',
        'export the positions from TRex',
      )
    }
    return { recordings, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Opens the tables. Those without positions, such as of postures, are reported. */
async function animalsOf(files: readonly AnimalFile[], opened: Table[], { report }: ReadOptions): Promise<Animal[]> {
  const animals: Animal[] = []
  for (const { path, id } of files) {
    const table = await openTable(path)
    opened.push(table)
    const roles = rolesOf(table.columns)
    for (const { name, count } of table.left) report.lost(`array ${name}`, count, 'it has other rows than the frames')
    if (roles) animals.push({ id, table, roles })
    else report.lost(`file ${path}`, 1, 'it has no columns of positions')
  }
  return animals
}

function recordingOf(animals: readonly Animal[], group: string, options: ReadOptions): Recording {
  const { report, signal, fps } = options
  const layout = layoutOf(animals, group, options)
  const facts = Object.assign(Object.create(null), ...animals.map(({ table }) => table.facts)) as Record<
    string,
    unknown
  >
  delete facts.id
  return {
    layout,
    cameras: [],
    metadata: attributesFrom({ source_software: 'TRex', ...facts, ...(fps !== undefined && { fps }) }, report),
    frames: undefined,
    batches: () => merged(animals, layout, signal),
  }
}

function layoutOf(animals: readonly Animal[], group: string, { report }: ReadOptions): Layout {
  const all = animals.map(({ roles }) => roles)
  const nodes = Math.max(...all.map((roles) => roles.nodes.length))
  const odd = animals.find(({ roles }) => roles.nodes.length !== nodes)
  if (odd)
    throw formatProblem(
      odd.table.path,
      undefined,
      `it has ${odd.roles.nodes.length} keypoints, others have ${nodes}`,
      'export all animals with the same fields',
    )
  const hasPoints = all.some(({ x, y }) => x >= 0 || y >= 0)
  const unit = all.find((roles) => roles.unit !== undefined)?.unit ?? 'cm'
  if (hasPoints && all.every((roles) => roles.unit === undefined)) report.guessed('unit of the positions', 'cm')
  for (const axis of ['x', 'y'] as const) {
    if (hasPoints && all.every((roles) => roles[axis] < 0))
      report.guessed(axis, `NaN, since there is no column ${axis.toUpperCase()}`)
  }
  const fields = fieldsOf(all)
  const slots = animals.length
  // Names by id: an id without a file has none.
  const last = Math.max(...animals.map(({ id }) => id))
  const names = last < 10_000 ? Array.from({ length: last + 1 }, (_, id) => `fish${id}`) : []
  const perFrame: FieldSpecs = { time: { type: 'float64', unit: 's', optional: true } }
  if (nodes === 0)
    return pointsLayout({ group, slots, dimensions: 2, precision: 'float64', unit, names, fields, perFrame })
  report.guessed('names of nodes', `node_0 to node_${nodes - 1}`)
  const centre = { type: 'float64', unit, optional: true } as const
  return posesOf({
    group,
    nodes: Array.from({ length: nodes }, (_, i) => `node_${i}`),
    edges: [],
    dimensions: 2,
    slots,
    precision: 'float64',
    names,
    fields: { ...(hasPoints && { x: centre, y: centre }), ...fields },
  })
}

function fieldsOf(all: readonly Roles[]): FieldSpecs {
  const fields: Record<string, FieldSpecs[string]> = {}
  if (all.some(({ missing }) => missing >= 0)) {
    fields.missing = { type: 'uint8', optional: true, description: '1 if the position is interpolated' }
  }
  for (const { field, unit } of all.flatMap(({ others }) => others)) {
    fields[field] ??= { type: 'float64', optional: true, ...(unit !== undefined && { unit }) }
  }
  return fields
}
