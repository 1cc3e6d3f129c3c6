/** Which fields of a layout hold positions, boxes and confidences, by their names, shapes and labels. */
import type { Field, Layout } from '../../layout/model.js'

/** Fields that hold positions: one with the coordinates along its last axis, or one for each coordinate. */
export interface Positions {
  readonly fields: readonly Field[]
  readonly dimensions: 2 | 3
  readonly points: number
}

/** How the four numbers of a box are meant: corner and size, two corners, or centre and size. */
export type BoxForm = 'corner' | 'corners' | 'centre'

const notPositions =
  /veloc|speed|accel|colou?r|rgb|size|direction|heading|orient|normal|offset|std|sigma|var|cov|resid|error|euler|quat|width|score|confid|likeli|prob|visib/i
const boxNames = /box|rect|roi/i
const confidenceNames = ['confidence', 'score', 'likelihood', 'probability', 'prob', 'conf', 'p']

const isNumber = ({ value, storage }: Field) =>
  value.kind === 'float' || (value.kind === 'integer' && storage !== 'int64' && storage !== 'uint64')
const product = (shape: readonly number[]) => shape.reduce((all, n) => all * n, 1)

/** The labels along the last axis of a field. */
function lastLabels({ axes }: Layout, field: Field): string {
  return (axes.get(field.axes.at(-1) as string) ?? []).join(' ').toLowerCase()
}

/** The fields of records that hold positions, in the order of the file. */
export function positionsIn(layout: Layout, fields: readonly Field[]): Positions[] {
  const vectors = fields.flatMap((field): Positions[] => {
    const dimensions = field.shape.at(-1)
    if (!isNumber(field) || (dimensions !== 2 && dimensions !== 3) || field === layout.key) return []
    const labelled = /^x y( z)?$/.test(lastLabels(layout, field))
    if (notPositions.test(field.name) && !labelled) return []
    return [{ fields: [field], dimensions, points: product(field.shape.slice(0, -1)) }]
  })
  return [...vectors, ...scalarsIn(fields)]
}

/** Positions of which each coordinate is a field: x and y, posX, posY and posZ, centroid_x and centroid_y. */
function scalarsIn(fields: readonly Field[]): Positions[] {
  const scalars = fields.filter((field) => isNumber(field) && field.shape.length === 0)
  const named = (name: string) => scalars.find((field) => field.name === name)
  return scalars.flatMap((x): Positions[] => {
    const base = /^(.*_|.*(?=X$)|pos)?[xX]$/.exec(x.name)
    if (!base || notPositions.test(x.name)) return []
    const [y, z] = x.name.endsWith('x') ? ['y', 'z'] : ['Y', 'Z']
    const own = [x, named(`${x.name.slice(0, -1)}${y}`), named(`${x.name.slice(0, -1)}${z}`)].filter((one) => !!one)
    if (own.length < 2 || own[1]?.name.slice(-1) !== y) return []
    return [{ fields: own, dimensions: own.length as 2 | 3, points: 1 }]
  })
}

/** The fields that hold boxes. */
export function boxesIn(layout: Layout, fields: readonly Field[]): { field: Field; form: BoxForm }[] {
  return fields
    .filter((field) => isNumber(field) && field.shape.length === 1 && field.shape[0] === 4)
    .filter((field) => boxNames.test(field.name) || /^(x|x1|left|x_?min) /.test(lastLabels(layout, field)))
    .map((field) => ({ field, form: boxForm(`${field.name} ${field.axes[0]} ${lastLabels(layout, field)}`) }))
}

function boxForm(words: string): BoxForm {
  if (/xyxy|ltrb|corners|x_?1|x_?min|right/i.test(words)) return 'corners'
  return /cxcy|cxywh|xc|x_?cent/i.test(words) ? 'centre' : 'corner'
}

/** The field with the confidence of a record, or with that of each of its points. */
export function confidenceIn(fields: readonly Field[], points?: number): Field | undefined {
  const shaped = fields.filter((field) =>
    points === undefined ? field.shape.length === 0 : field.shape.length === 1 && field.shape[0] === points,
  )
  const floats = shaped.filter(({ value }) => value.kind === 'float')
  for (const name of confidenceNames) {
    const found = floats.find((field) => {
      const words = field.name
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .toLowerCase()
        .split('_')
      return words.at(-1) === name || words.at(-1) === `${name}s`
    })
    if (found) return found
  }
  return undefined
}

/** The field with the time of a frame, s. */
export function timeIn(layout: Layout): Field | undefined {
  return layout.fields.find(
    ({ name, perFrame, shape, value, unit }) =>
      perFrame &&
      shape.length === 0 &&
      value.kind === 'float' &&
      /^(time|timestamp|t)$/i.test(name) &&
      /^(s|seconds?)?$/.test(unit ?? ''),
  )
}
