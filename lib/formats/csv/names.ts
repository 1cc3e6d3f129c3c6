/** What the columns of a table are called: the names that trackers and people use, in any case. */

/** What a column may hold. */
export type Role = (typeof roles)[number]

export const roles = [
  ...['frame', 'time', 'id', 'name', 'x', 'y', 'z'],
  ...['left', 'top', 'width', 'height', 'right', 'bottom', 'confidence', 'class', 'visibility'],
] as const

/** The names of each role, without case, blanks and underscores; the first that a header has is taken. */
const names: Readonly<Record<Role, readonly string[]>> = {
  frame: [
    ...['frame', 'frames', 'frameindex', 'frameidx', 'framenumber', 'framenum', 'framenr', 'frameno', 'frameid', 'fr'],
    ...['nframe', 'iframe', 'imageindex', 'imageid', 'imgid'],
  ],
  time: ['time', 'times', 'timestamp', 'timestamps', 'positiont', 'seconds', 'sec', 'timesec', 'timeseconds', 't'],
  id: [
    ...[
      'id',
      'fishid',
      'trackid',
      'animalid',
      'individualid',
      'targetid',
      'objectid',
      'objid',
      'instanceid',
      'tid',
      'particleid',
    ],
    ...[
      'particle',
      'trajectory',
      'trajectoryid',
      'individual',
      'identity',
      'individuals',
      'animal',
      'fish',
      'mouse',
      'fly',
      'bird',
    ],
    ...[
      'subject',
      'track',
      'tracklet',
      'trackletid',
      'object',
      'target',
      'instance',
      'tracknumber',
      'tracknr',
      'ids',
      'trackname',
    ],
    ...['animalname', 'name'],
  ],
  name: ['name', 'animalname', 'trackname', 'individualname'],
  x: coordinate('x'),
  y: coordinate('y'),
  z: coordinate('z'),
  left: [
    'left',
    'bbleft',
    'bboxleft',
    'xmin',
    'minx',
    'bboxx',
    'boxx',
    'bbx',
    'boxleft',
    'bboxxmin',
    'xtl',
    'bbx1',
    'bboxx1',
    'x1',
  ],
  top: [
    'top',
    'bbtop',
    'bboxtop',
    'ymin',
    'miny',
    'bboxy',
    'boxy',
    'bby',
    'boxtop',
    'bboxymin',
    'ytl',
    'bby1',
    'bboxy1',
    'y1',
  ],
  width: ['width', 'w', 'bbwidth', 'bboxwidth', 'boxwidth', 'bboxw', 'boxw', 'bbw'],
  height: ['height', 'h', 'bbheight', 'bboxheight', 'boxheight', 'bboxh', 'boxh', 'bbh'],
  right: ['right', 'bbright', 'bboxright', 'xmax', 'maxx', 'boxright', 'bboxxmax', 'xbr', 'bbx2', 'bboxx2', 'x2'],
  bottom: ['bottom', 'bbbottom', 'bboxbottom', 'ymax', 'maxy', 'boxbottom', 'bboxymax', 'ybr', 'bby2', 'bboxy2', 'y2'],
  confidence: ['confidence', 'conf', 'score', 'likelihood', 'probability', 'prob', 'certainty', 'instancescore'],
  class: ['class', 'classid', 'category', 'categoryid', 'classname', 'cls'],
  visibility: ['visibility', 'vis', 'visible'],
}

function coordinate(axis: string): readonly string[] {
  const forms = [
    '',
    'pos',
    'position',
    'coord',
    'coordinate',
    'centroid',
    'center',
    'centre',
    'c',
    'loc',
    'location',
    'centroid3d',
    'world',
  ]
  return forms.flatMap((form) => [`${form}${axis}`, `${axis}${form}`])
}

/** A name without its unit: `X (cm)`, `x[px]` and `x_cm` are x. */
export function withoutUnit(name: string): { bare: string; unit: string | undefined } {
  const bracket = /^(.*?)[\s_]*[([]\s*([^)\]]+?)\s*[)\]]$/.exec(name)
  if (bracket?.[1]) return { bare: bracket[1], unit: bracket[2] }
  const suffix = /^(.+?)[_.](px|pixels?|cm|mm|m|um|µm|ms|s|sec|bl)$/i.exec(name)
  return suffix ? { bare: suffix[1] as string, unit: suffix[2] } : { bare: name, unit: undefined }
}

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** The column of a role in a header; -1 if none has one of its names. */
export function columnFor(role: Role, header: readonly string[], taken: ReadonlySet<number>): number {
  const exact = header.map(plain)
  const bare = header.map((name) => plain(withoutUnit(name).bare))
  for (const known of names[role]) {
    for (const list of [exact, bare]) {
      const found = list.findIndex((name, i) => name === known && !taken.has(i))
      if (found >= 0) return found
    }
  }
  return -1
}

/** A column of a group, such as the x of `nose` in `nose_x`. */
export interface GroupColumn {
  readonly group: string
  readonly part: 'x' | 'y' | 'z' | 'confidence'
  readonly column: number
}

const parts = 'x|y|z|likelihood|confidence|conf|score|prob|p'
const LAST = new RegExp(`^(.+?)(?:[_.\\-: ]+|(?<=\\d))(${parts})$`, 'i')
const FIRST = new RegExp(`^(${parts})(?:[_.\\-: ]+(.+)|(\\d+))$`, 'i')

/** The groups of columns of a header: those that have both an x and a y, in the order of the header. */
export function groupsIn(header: readonly string[], taken: ReadonlySet<number>): GroupColumn[] {
  const found = header.flatMap((name, column): GroupColumn[] => {
    if (taken.has(column)) return []
    const { bare } = withoutUnit(name)
    const last = LAST.exec(bare)
    const first = last ? null : FIRST.exec(bare)
    const group = last?.[1] ?? first?.[2] ?? first?.[3]
    const part = (last?.[2] ?? first?.[1])?.toLowerCase()
    if (group === undefined || part === undefined) return []
    const known = part === 'x' || part === 'y' || part === 'z' ? part : 'confidence'
    return [{ group, part: known, column }]
  })
  const has = (group: string, part: string) => found.some((one) => one.group === group && one.part === part)
  const whole = found.filter(({ group }) => has(group, 'x') && has(group, 'y'))
  // Of two columns for one part, the first counts.
  return whole.filter((one, i) => whole.findIndex(({ group, part }) => group === one.group && part === one.part) === i)
}

const box = ['left', 'top', 'width', 'height'] as const

/** The boxes and detections of cameras, in columns named `<camera>_left`, ... and `<camera>_det_index`. */
export interface CameraColumns {
  readonly name: string
  readonly box: readonly number[] | undefined
  readonly detection: number
}

export function camerasIn(header: readonly string[]): CameraColumns[] {
  const cameras = new Set(header.flatMap((name) => /^(.+)_(?:left|top|width|height|det_index)$/.exec(name)?.[1] ?? []))
  return [...cameras].flatMap((name) => {
    if (/^(bb|bbox|box)$/i.test(name)) return []
    const sides = box.map((side) => header.indexOf(`${name}_${side}`))
    const detection = header.indexOf(`${name}_det_index`)
    const whole = sides.every((column) => column >= 0)
    return whole || detection >= 0 ? [{ name, box: whole ? sides : undefined, detection }] : []
  })
}
