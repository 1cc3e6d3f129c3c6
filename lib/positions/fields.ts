/** Chooses what is drawn of a record: a field with positions, fields x and y, or the middle of a box. */
import { H5TracksError } from '../base/errors.js'
import type { Field, Layout } from '../layout/model.js'

/** What is drawn of a record. */
export interface Drawn {
  /** One field, or one for each axis. */
  fields: readonly Field[]
  /** The name of the field, or of both: 'x, y'. */
  name: string
  dimensions: 2 | 3
  /** Number of points of a record, such as keypoints. */
  points: number
  /** The point that is drawn; null for the mean of those that are known. */
  node: number | null
  /** The field is a box [x, y, width, height], of which the middle is drawn. */
  isBox: boolean
  /** The positions are in the images of cameras. */
  perCamera: boolean
}

/** What the user chose. */
export interface Wanted {
  field?: string | undefined
  node?: string | undefined
  /** Positions in the images of cameras are drawn. */
  inCameras: boolean
}

/**
 * The field named, else the only one that holds positions, else the fields x and y (and z), else the middles of boxes. Positions in space go
 * before those in the images of cameras. Throws ERR_INVALID_ARGUMENT, which says what to do.
 */
export function positionsToDraw(layout: Layout, name: string, path: string, wanted: Wanted): Drawn {
  const where = `${path}: the layout ${name}`
  const chosen = chosenOf(candidatesIn(layout), where, wanted)
  return wanted.node === undefined ? chosen : { ...chosen, node: nodeOf(layout, chosen, wanted.node, where) }
}

function chosenOf(all: readonly Drawn[], where: string, { field, inCameras }: Wanted): Drawn {
  const candidates = all.filter(({ perCamera }) => perCamera || !inCameras)
  if (field !== undefined) {
    const named = candidates.find((one) => one.name === field)
    if (named) return named
    const list = candidates.map(({ name }) => name).join(', ')
    const place = inCameras ? ' in the images of cameras' : ''
    throw refusal(`${where} has no positions in a field ${field}${place}; it has ${list || 'none that can be drawn'}`)
  }
  const best = (['space', 'images'] as const)
    .flatMap((place) => ['points', 'scalars', 'boxes'].map((kind) => [place, kind] as const))
    .map(([place, kind]) => candidates.filter((one) => placeOf(one) === place && kindOf(one) === kind))
    .find(({ length }) => length > 0)
  if (best === undefined) {
    const what = inCameras ? 'no positions in the images of cameras' : 'no positions to draw'
    throw refusal(
      `${where} has ${what}: none of its fields of a record${inCameras ? ' and camera' : ''} has 2 or 3 numbers along its last axis; h5tracks info shows the fields`,
    )
  }
  const [only, another] = best
  if (another === undefined) return only as Drawn
  const list = best.map(({ name }) => name).join(', ')
  throw refusal(`${where} has several fields that may hold positions: ${list}; choose one with --field`)
}

const placeOf = ({ perCamera }: Drawn) => (perCamera ? 'images' : 'space')
const kindOf = ({ isBox, fields }: Drawn) => (isBox ? 'boxes' : fields.length > 1 ? 'scalars' : 'points')

function candidatesIn({ fields, key }: Layout): Drawn[] {
  const ofRecords = fields.filter((field) => isNumber(field) && !(key && field.perFrame))
  const inner = new Set(ofRecords.flatMap(({ axes }) => axes.slice(0, -1)))
  const found = ofRecords.flatMap((field): Drawn[] => {
    const one = { fields: [field], name: field.name, node: null, perCamera: field.perCamera }
    const last = field.shape.at(-1)
    const isBox = last === 4 && field.shape.length === 1 && /(^b?box(es)?$|bbox|[a-z]Box(es)?$)/.test(field.name)
    if (isBox) return [{ ...one, isBox, dimensions: 2, points: 1 }]
    // The confidence of two nodes is no position.
    if ((last !== 2 && last !== 3) || inner.has(field.axes.at(-1) as string)) return []
    const points = field.shape.slice(0, -1).reduce((all, n) => all * n, 1)
    return [{ ...one, isBox: false, dimensions: last, points }]
  })
  for (const perCamera of [false, true]) {
    const axes = ['x', 'y', 'z'].map((axis) =>
      ofRecords.find((field) => field.name === axis && field.shape.length === 0 && field.perCamera === perCamera),
    )
    const [x, y, z] = axes
    if (x === undefined || y === undefined) continue
    const scalars = z === undefined ? [x, y] : [x, y, z]
    const name = scalars.map((field) => field.name).join(', ')
    found.push({
      ...{ fields: scalars, name, node: null, perCamera, isBox: false, points: 1 },
      dimensions: z === undefined ? 2 : 3,
    })
  }
  return found
}

function isNumber({ value, storage }: Field): boolean {
  return value.kind === 'float' || (value.kind === 'integer' && storage !== 'int64' && storage !== 'uint64')
}

function nodeOf({ axes }: Layout, { fields, points, name }: Drawn, wanted: string, where: string): number {
  const [field] = fields as [Field]
  const labels = (field.shape.length === 2 ? axes.get(field.axes[0] as string) : undefined)?.map(String)
  const at = labels?.indexOf(wanted) ?? -1
  if (at >= 0) return at
  if (/^\d+$/.test(wanted) && Number(wanted) < points && field.shape.length > 1) return Number(wanted)
  const known = labels ? `it has ${labels.join(', ')}` : `its points are 0 to ${points - 1}`
  throw refusal(
    `${where} has no node ${wanted} in the field ${name}${field.shape.length > 1 ? `; ${known}` : ', which holds one point'}`,
  )
}

function refusal(message: string): H5TracksError {
  return new H5TracksError(message, { code: 'ERR_INVALID_ARGUMENT', field: 'field' })
}
