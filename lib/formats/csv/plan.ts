/** Which column of a table goes where: the fields of a layout, and what each column holds. */
import { H5TracksError, show } from '../../base/errors.js'
import { formatProblem } from '../core/problem.js'
import type { Report } from '../core/report.js'
import { camerasIn, columnFor, type GroupColumn, groupsIn, type Role, roles, withoutUnit } from './names.js'
import { isEmpty, truthOf } from './numbers.js'
import { DOUBLE, FLOAT, INTEGER, SKIPPED, TEXT, TRUTH } from './row-scanner.js'
import { type Form, isNumber } from './sniff.js'

/** The values of a field in a row of the table: the column of each number. */
export interface Target {
  readonly field: string
  readonly camera?: string
  readonly columns: readonly number[]
  readonly kind: 'float32' | 'float64' | 'int32' | 'truth' | 'text'
  readonly perFrame?: boolean
  readonly unit?: string
  /** The name of the column, where the field has another. */
  readonly original?: string
}

/** An animal of a row. Its targets are the same fields as those of the others. */
export interface Animal {
  readonly name: string | undefined
  readonly targets: readonly Target[]
}

export interface Plan {
  readonly columnCount: number
  readonly header: readonly string[]
  /** The columns with these roles; -1 for none. */
  readonly frame: number
  readonly time: number
  readonly id: number
  readonly name: number
  /** One for each animal of a wide table; one in a long table. */
  readonly animals: readonly Animal[]
  readonly wide: boolean
  /** The nodes of keypoints, if the table has some. */
  readonly nodes: readonly string[] | undefined
  readonly dimensions: 0 | 2 | 3
  /** The box is given by its right and bottom side. */
  readonly corners: boolean
  readonly cameras: readonly string[]
  /** What each column holds, for the scanner. */
  readonly kinds: Uint8Array
  /** Groups of columns whose values are not known if all are -1. */
  readonly minusOnes?: readonly (readonly number[])[]
  /** Fields without a single value, which the layout leaves out. */
  readonly hidden?: ReadonlySet<string>
}

export interface PlanOptions {
  readonly columns?: Readonly<Record<string, string | number>> | readonly string[] | undefined
  readonly groups?: 'animals' | 'keypoints' | undefined
}

/** Makes the plan of a table. `texts`: columns that turned out to hold texts. */
export function planOf(
  path: string,
  given: Form,
  options: PlanOptions,
  texts: ReadonlySet<number>,
  report: Report,
): Plan {
  const header = headerOf(path, given, options)
  const taken = new Set<number>()
  const found = new Map<Role, number>()
  const take = (role: Role, column: number) => {
    if (column < 0) return
    found.set(role, column)
    taken.add(column)
  }
  const renamed = namedBy(path, header, options.columns, take)
  const cameras = camerasIn(header)
  for (const { box, detection } of cameras) for (const column of [...(box ?? []), detection]) taken.add(column)
  const find = (role: Role) => {
    if (!found.has(role)) take(role, columnFor(role, header, taken))
    const column = found.get(role) ?? -1
    const name = header[column]
    if (column >= 0 && header.indexOf(name as string, column + 1) > column) {
      throw formatProblem(path, 'header', `two columns are called ${show(name)}`, 'rename one of them')
    }
    if (column >= 0 && name !== role && !renamed.has(role)) report.guessed(`column of ${role}`, show(name))
    return column
  }
  const [frame, time, id] = [find('frame'), find('time'), find('id')]
  if (frame < 0 && time < 0) {
    throw formatProblem(
      path,
      'header',
      `no column holds the frame; there are ${header.map(show).join(', ')}`,
      remedy('frame'),
    )
  }
  const form = withoutUnits(given, frame < 0 ? time : frame)
  const candidates = groupsIn(header, taken)
  // `pos_x, pos_y` is a position, unless there are other groups beside it.
  const isGroup = (column: number) => candidates.some((one) => one.column === column)
  const [x, y] = [columnFor('x', header, taken), columnFor('y', header, taken)]
  const several = new Set(candidates.map(({ group }) => group)).size > 1
  const hasPosition = found.has('x') || (x >= 0 && y >= 0 && !(several && (isGroup(x) || isGroup(y))))
  if (hasPosition) for (const role of ['x', 'y', 'z'] as const) find(role)
  const allGroups = hasPosition ? groupsIn(header, taken) : candidates
  const meant = options.groups ?? (id < 0 && !hasPosition ? 'animals' : 'keypoints')
  const wide = allGroups.length > 0 && meant === 'animals'
  // x1, y1, x2, y2 are the corners of a box if the table has a column of ids.
  const corners =
    allGroups.length > 0 && allGroups.every(({ group, part }) => /^[12]$/.test(group) && part !== 'z') && !wide
  const groups = corners ? [] : allGroups
  for (const { column } of groups) taken.add(column)
  const name = id >= 0 && !wide ? find('name') : -1
  for (const role of roles) if (!['frame', 'time', 'id', 'name'].includes(role)) find(role)
  const at = (role: Role) => found.get(role) ?? -1
  for (const role of incomplete(at)) {
    taken.delete(at(role))
    found.delete(role)
  }
  const extras = header.flatMap((_, column) => (taken.has(column) ? [] : [column]))
  const isText = (column: number) => texts.has(column) || kindOf(form, column) === 'text'
  const common = [
    ...ofRoles(header, at, isText, groups.length > 0 && !wide),
    ...cameras.flatMap(({ name, box, detection }): Target[] => [
      ...(box ? [{ field: 'cameraBox', camera: name, columns: box, kind: 'float32' as const, unit: 'px' }] : []),
      ...(detection >= 0
        ? [{ field: 'cameraDetection', camera: name, columns: [detection], kind: 'int32' as const }]
        : []),
    ]),
    ...extraTargets(extras, header, form, texts, wide),
  ]
  const animals = wide ? animalsOf(groups, common) : [{ name: undefined, targets: [...common, ...keypointsOf(groups)] }]
  return {
    columnCount: header.length,
    header,
    frame,
    time,
    id,
    name,
    animals,
    wide,
    nodes: wide || groups.length === 0 ? undefined : [...new Set(groups.map(({ group }) => group))],
    dimensions: dimensionsOf(groups, at),
    corners: at('right') >= 0,
    cameras: cameras.map(({ name }) => name),
    kinds: kindsOf(header.length, { frame, time, id, name }, animals, isText),
  }
}

const remedy = (role: string) => `name it with columns (--columns ${role}=NAME)`

function headerOf(path: string, { header, sample }: Form, { columns }: PlanOptions): readonly string[] {
  if (Array.isArray(columns)) return columns.map((name, i) => name || `column ${i + 1}`)
  if (header) return header.map((name, i) => name || `column ${i + 1}`)
  const numbers = Object.values(columns ?? {}).every((column) => /^\d+$/.test(String(column)))
  if (columns && numbers) return (sample[0] ?? []).map((_, i) => String(i + 1))
  const found = `the first row holds ${(sample[0] ?? []).length} numbers, and no header`
  throw formatProblem(path, 'line 1', found, 'name the columns in their order with columns (--columns frame,id,x,y)')
}

/** Takes the columns that the caller names. Returns their roles. */
function namedBy(
  path: string,
  header: readonly string[],
  columns: PlanOptions['columns'],
  take: (role: Role, column: number) => void,
): ReadonlySet<Role> {
  if (columns === undefined || Array.isArray(columns)) return new Set(Array.isArray(columns) ? roles : [])
  const entries = Object.entries(columns as Readonly<Record<string, string | number>>)
  for (const [role, name] of entries) {
    if (!(roles as readonly string[]).includes(role)) {
      throw new H5TracksError(`columns names ${show(role)}, which is none of ${roles.join(', ')}`, {
        code: 'ERR_INVALID_ARGUMENT',
        field: 'columns',
      })
    }
    const exact = header.indexOf(String(name))
    const column = exact >= 0 ? exact : header.findIndex((one) => one.toLowerCase() === String(name).toLowerCase())
    if (column < 0) {
      const have = header.map(show).join(', ')
      throw formatProblem(path, 'header', `no column is called ${show(name)} (${role}); there are ${have}`)
    }
    take(role as Role, column)
  }
  return new Set(entries.map(([role]) => role as Role))
}

/** The roles whose columns mean nothing without others: those are kept under their names. */
function incomplete(at: (role: Role) => number): Role[] {
  const has = (...wanted: Role[]) => wanted.every((role) => at(role) >= 0)
  const position = has('x', 'y')
  const sized = has('left', 'top', 'width', 'height')
  const cornered = has('left', 'top', 'right', 'bottom')
  const odd: Role[] = []
  if (!position) odd.push('x', 'y', 'z')
  if (sized) odd.push('right', 'bottom')
  else odd.push('width', 'height', ...(cornered ? [] : (['left', 'top', 'right', 'bottom'] as const)))
  return odd.filter((role) => at(role) >= 0)
}

function ofRoles(
  header: readonly string[],
  at: (role: Role) => number,
  isText: (column: number) => boolean,
  posed: boolean,
): Target[] {
  const targets: Target[] = []
  for (const role of ['x', 'y', 'z'] as const) {
    const unit = withoutUnit(header[at(role)] ?? '').unit
    if (at(role) >= 0) targets.push({ field: role, columns: [at(role)], kind: 'float32', ...(unit && { unit }) })
  }
  const sides: Role[] = at('right') >= 0 ? ['left', 'top', 'right', 'bottom'] : ['left', 'top', 'width', 'height']
  if (at('left') >= 0) targets.push({ field: 'box', columns: sides.map(at), kind: 'float32', unit: 'px' })
  const more = [
    ['confidence', 'float32'],
    ['visibility', 'float32'],
    ['class', isText(at('class')) ? 'text' : 'int32'],
  ] as const
  for (const [role, kind] of more) {
    // The confidence of a pose is its score: keypoints have a confidence each.
    const field = posed && role === 'confidence' ? 'score' : role
    if (at(role) >= 0) targets.push({ field, columns: [at(role)], kind })
  }
  return targets
}

function extraTargets(
  extras: readonly number[],
  header: readonly string[],
  form: Form,
  texts: ReadonlySet<number>,
  perFrame: boolean,
): Target[] {
  const used = new Set<string>()
  return extras.flatMap((column): Target[] => {
    const original = header[column] as string
    if (form.header && form.header[column] === '' && form.sample.every((row) => isEmpty(row[column] ?? ''))) return []
    const kind = texts.has(column) ? 'text' : kindOf(form, column)
    return [{ field: fieldName(original, used), columns: [column], kind, perFrame, original }]
  })
}

const reserved = [
  ...[
    'frame',
    'slot',
    'node',
    'space',
    'key',
    'frameIndex',
    'frame_index',
    'individual',
    'cameraNames',
    'metadata',
    'time',
    'box',
  ],
  ...[
    'identified',
    'keypoints',
    'score',
    'confidence',
    'class',
    'visibility',
    'x',
    'y',
    'z',
    'side',
    'cameraBox',
    'cameraDetection',
  ],
  ...['camera_box', 'camera_detection', 'dropped'],
]

/** The name of the field of a column, which HDF5 takes and no other field has. */
function fieldName(original: string, used: Set<string>): string {
  const base = original.replaceAll(/[/\0]|\p{Surrogate}/gu, '_').replace(/^\.$|^__proto__$/, '_') || '_'
  let name = base
  for (let n = 2; used.has(name.toLowerCase()) || reserved.includes(name); n++) name = `${base}_${n}`
  used.add(name.toLowerCase())
  return name
}

function animalsOf(groups: readonly GroupColumn[], common: readonly Target[]): Animal[] {
  const names = [...new Set(groups.map(({ group }) => group))]
  const parts = [...new Set(groups.map(({ part }) => part))]
  return names.map((name) => {
    const columnOf = (part: string) => groups.find((one) => one.group === name && one.part === part)?.column ?? -1
    const own = parts.map((part): Target => ({ field: part, columns: [columnOf(part)], kind: 'float32' }))
    return { name, targets: [...common, ...own] }
  })
}

function keypointsOf(groups: readonly GroupColumn[]): Target[] {
  if (groups.length === 0) return []
  const nodes = [...new Set(groups.map(({ group }) => group))]
  const columnOf = (node: string, part: string) =>
    groups.find(({ group, part: own }) => group === node && own === part)?.column ?? -1
  const space = groups.some(({ part }) => part === 'z') ? ['x', 'y', 'z'] : ['x', 'y']
  const keypoints = nodes.flatMap((node) => space.map((part) => columnOf(node, part)))
  const confidence = nodes.map((node) => columnOf(node, 'confidence'))
  return [
    { field: 'keypoints', columns: keypoints, kind: 'float32' },
    ...(confidence.some((column) => column >= 0)
      ? [{ field: 'confidence', columns: confidence, kind: 'float32' as const }]
      : []),
  ]
}

function dimensionsOf(groups: readonly GroupColumn[], at: (role: Role) => number): 0 | 2 | 3 {
  if (groups.length > 0) return groups.some(({ part }) => part === 'z') ? 3 : 2
  if (at('x') < 0) return 0
  return at('z') >= 0 ? 3 : 2
}

/** The sample without rows of labels and units below the header. */
function withoutUnits(form: Form, frame: number): Form {
  const first = form.sample.findIndex((row) => isNumber(row[frame] ?? '', form.commas))
  return first > 0 && first <= 3 ? { ...form, sample: form.sample.slice(first) } : form
}

/** What a column holds, by the first rows. */
function kindOf({ sample, commas }: Form, column: number): 'float64' | 'truth' | 'text' {
  const cells = sample.map((row) => row[column] ?? '').filter((cell) => !isEmpty(cell))
  if (cells.length === 0) return 'float64'
  if (cells.every((cell) => truthOf(cell) !== undefined)) return 'truth'
  return cells.every((cell) => isNumber(cell, commas)) ? 'float64' : 'text'
}

const scanned = { float32: FLOAT, float64: DOUBLE, int32: INTEGER, truth: TRUTH, text: TEXT } as const

function kindsOf(
  columns: number,
  { frame, time, id, name }: Readonly<Record<'frame' | 'time' | 'id' | 'name', number>>,
  animals: readonly Animal[],
  isText: (column: number) => boolean,
): Uint8Array {
  const kinds = new Uint8Array(columns).fill(SKIPPED)
  for (const { targets } of animals) {
    for (const { columns, kind } of targets)
      for (const column of columns) if (column >= 0) kinds[column] = scanned[kind]
  }
  if (frame >= 0) kinds[frame] = INTEGER
  if (time >= 0) kinds[time] = DOUBLE
  if (id >= 0) kinds[id] = isText(id) ? TEXT : INTEGER
  if (name >= 0) kinds[name] = TEXT
  return kinds
}
