/** The columns of DeepLabCut's tables: each has a scorer, a body part, a coordinate, and in files of several animals an individual. */

/** What the levels of a column say. */
export interface ColumnLabels {
  readonly scorer: string
  /** undefined in files of one animal. */
  readonly individual: string | undefined
  readonly bodypart: string
  readonly coord: string
}

/** Where a column goes: `coord` is 0 to 2 for x to z, or 'likelihood'. */
export interface Target {
  readonly individual: number
  readonly node: number
  readonly coord: number | 'likelihood'
}

export interface Columns {
  readonly scorer: string
  readonly dimensions: 2 | 3
  readonly hasLikelihood: boolean
  /** The names of the animals; [] in files of one animal. */
  readonly individuals: readonly string[]
  readonly nodes: readonly string[]
  /** By column; undefined for one that is not carried. */
  readonly targets: readonly (Target | undefined)[]
  /** The body parts of each individual, if they differ. */
  readonly own: Readonly<Record<string, readonly string[]>> | undefined
  /** Names and numbers of columns that are not carried. */
  readonly others: ReadonlyMap<string, number>
}

const coords = ['x', 'y', 'z']

/** Says where each column goes. `refuse` throws for a column by its index. */
export function columnsOf(
  labels: readonly ColumnLabels[],
  refuse: (column: number, problem: string) => never,
): Columns {
  const individuals: string[] = []
  const nodes: string[] = []
  const others = new Map<string, number>()
  const seen = new Map<string, number>()
  const targets = labels.map(({ scorer, individual, bodypart, coord }, column): Target | undefined => {
    const place = coord.toLowerCase()
    const known = place === 'likelihood' ? 'likelihood' : coords.indexOf(place)
    if (known === -1) {
      others.set(coord, (others.get(coord) ?? 0) + 1)
      return undefined
    }
    if (bodypart === '') refuse(column, 'has no body part')
    const key = JSON.stringify([individual, bodypart, place])
    const before = seen.get(key)
    if (before !== undefined) {
      const other = labels[before]?.scorer
      const whose = other === scorer ? '' : ` (by ${other} and by ${scorer}; split the file by scorer)`
      refuse(column, `is the second one for ${individual ?? 'the animal'}, ${bodypart}, ${coord}${whose}`)
    }
    seen.set(key, column)
    return { individual: indexIn(individuals, individual ?? ''), node: indexIn(nodes, bodypart), coord: known }
  })
  const found = targets.filter((target) => target !== undefined)
  const has = (coord: Target['coord']) => found.some((target) => target.coord === coord)
  if (!has(0) || !has(1))
    refuse(0, `belongs to a table without x and y (coords: ${[...new Set(labels.map((one) => one.coord))]})`)
  return {
    scorer: labels[0]?.scorer ?? '',
    dimensions: has(2) ? 3 : 2,
    hasLikelihood: has('likelihood'),
    individuals: labels[0]?.individual === undefined ? [] : individuals,
    nodes,
    targets,
    own: ownParts(individuals, nodes, found),
    others,
  }
}

function indexIn(list: string[], name: string): number {
  const index = list.indexOf(name)
  return index >= 0 ? index : list.push(name) - 1
}

function ownParts(
  individuals: readonly string[],
  nodes: readonly string[],
  targets: readonly Target[],
): Columns['own'] {
  const parts = individuals.map((name, individual) => {
    const own = new Set(targets.filter((target) => target.individual === individual).map(({ node }) => node))
    return [name, nodes.filter((_, node) => own.has(node))] as const
  })
  return parts.every(([, own]) => own.length === nodes.length) ? undefined : Object.fromEntries(parts)
}
