/** What the columns of TRex mean. (Source: TRex' documentation of its output fields.) */

/** A column, with the unit that a header may have behind its name: `X#wcentroid (cm)`. */
export interface Column {
  readonly header: string
  readonly name: string
  readonly unit: string | undefined
}

export function columnOf(header: string): Column {
  const [, name = header, unit] = /^\s*(.*?)\s*(?:\(([^()]*)\))?\s*$/.exec(header) ?? []
  return { header, name, unit }
}

/** Where the columns of a table go. */
export interface Roles {
  readonly frame: number
  readonly time: number
  readonly missing: number
  readonly x: number
  readonly y: number
  /** x, y (and confidence) of each keypoint. */
  readonly nodes: readonly { readonly x: number; readonly y: number; readonly p: number }[]
  /** All others, by the names of their fields. */
  readonly others: readonly { readonly field: string; readonly column: number; readonly unit: string | undefined }[]
  readonly unit: string | undefined
}

/** The body centre before the posture's centre and the head, as not all animals have a posture. */
const sources = ['#wcentroid', '#centroid', '#pcentroid', '', '#head']

/** Undefined if the columns are not those of TRex. */
export function rolesOf(columns: readonly Column[]): Roles | undefined {
  const at = (name: string) => columns.findIndex((column) => column.name === name)
  const frame = at('frame')
  if (frame < 0) return undefined
  const source = sources.find((one) => at(`X${one}`) >= 0 || at(`Y${one}`) >= 0)
  const nodes: { x: number; y: number; p: number }[] = []
  for (let i = 0; at(`poseX${i}`) >= 0 && at(`poseY${i}`) >= 0; i++) {
    nodes.push({ x: at(`poseX${i}`), y: at(`poseY${i}`), p: at(`poseP${i}`) })
  }
  if (source === undefined && nodes.length === 0) return undefined
  const roles = {
    frame,
    time: at('time'),
    missing: at('missing'),
    x: source === undefined ? -1 : at(`X${source}`),
    y: source === undefined ? -1 : at(`Y${source}`),
  }
  const used = new Set([...Object.values(roles), ...nodes.flatMap(({ x, y, p }) => [x, y, p])])
  const taken = new Set([
    'x',
    'y',
    'frame_index',
    'animal_id',
    'individual',
    'keypoints',
    'confidence',
    'score',
    'time',
  ])
  const others = columns.flatMap(({ name, unit }, column) => {
    if (used.has(column) || name === '') return []
    const base =
      name
        .replace(/[^\p{L}\p{N}]+/gu, '_')
        .replace(/^_+|_+$/g, '')
        .toLowerCase() || `column_${column}`
    let field = taken.has(base) ? `${base}_2` : base
    for (let n = 3; taken.has(field); n++) field = `${base}_${n}`
    taken.add(field)
    return [{ field, column, unit: unit || undefined }]
  })
  return { ...roles, nodes, others, unit: columns[roles.x]?.unit ?? columns[roles.y]?.unit }
}
