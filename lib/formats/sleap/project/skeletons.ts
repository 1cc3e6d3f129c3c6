/** Skeletons as SLEAP stores them: networkx graphs that jsonpickle wrote. */
import type { ForeignFile } from '../../poses/input.js'

export interface Skeleton {
  readonly name: string
  readonly nodes: readonly string[]
  /** Pairs of indices of nodes. */
  readonly edges: readonly (readonly [number, number])[]
  readonly symmetries: readonly (readonly [number, number])[]
}

type Json = unknown
type JsonObject = Readonly<Record<string, Json>>

export const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [])

/** The skeletons in the JSON of a project's `metadata`. */
export function skeletonsIn(input: ForeignFile, metadata: JsonObject): Skeleton[] {
  const shared = listOf(metadata.nodes).map((node) => (isObject(node) ? String(node.name ?? '') : String(node)))
  return listOf(metadata.skeletons).map((entry, i) => skeletonOf(input, entry, i, shared))
}

function skeletonOf(input: ForeignFile, entry: Json, index: number, shared: readonly string[]): Skeleton {
  const place = `metadata@json: skeletons[${index}]`
  const graph = isObject(entry) && isObject(entry.nx_graph) ? entry.nx_graph : entry
  if (!isObject(graph)) throw input.problem(place, 'is not a graph', 'save the project again with SLEAP or sleap-io')
  const pickled = new Pickled(shared)
  // jsonpickle numbers objects in the order of the text, where links stand before nodes.
  const links: (readonly [string, string, number])[] = []
  const nodes: string[] = []
  for (const [key, value] of Object.entries(graph)) {
    if (key === 'links') {
      for (const link of listOf(value)) if (isObject(link)) links.push(pickled.link(link))
    } else if (key === 'nodes') {
      for (const node of listOf(value)) nodes.push(pickled.node(isObject(node) ? node.id : node))
    }
  }
  const names = nodes.length > 0 ? nodes : [...shared]
  if (names.includes('') || new Set(names).size !== names.length) {
    throw input.problem(place, `has the nodes ${JSON.stringify(names)}, which are not distinct names`)
  }
  const joined = (wanted: number) => {
    const pairs = links.filter(([, , type]) => type === wanted)
    const indices = pairs.map(([a, b]) => [names.indexOf(a), names.indexOf(b)] as const)
    return indices.filter(([a, b]) => a >= 0 && b >= 0)
  }
  const both = joined(2).map(([a, b]) => (a < b ? ([a, b] as const) : ([b, a] as const)))
  const symmetries = [...new Map(both.map((pair) => [pair.join(), pair])).values()]
  const info = isObject(graph.graph) ? graph.graph : {}
  const given = info.name ?? (isObject(entry) ? entry.name : undefined)
  return { name: typeof given === 'string' ? given : '', nodes: names, edges: joined(1), symmetries }
}

/** Resolves the references of jsonpickle: `py/id` is the number of an object, counted from 1. */
class Pickled {
  readonly #shared: readonly string[]
  readonly #objects: (string | number)[] = []

  constructor(shared: readonly string[]) {
    this.#shared = shared
  }

  /** The ends and the type of a link: 1 for an edge, 2 for a symmetry. */
  link(link: JsonObject): readonly [string, string, number] {
    let [source, target, type] = ['', '', 1]
    for (const [key, value] of Object.entries(link)) {
      if (key === 'source') source = this.node(value)
      else if (key === 'target') target = this.node(value)
      else if (key === 'type') type = this.#edgeType(value)
    }
    return [source, target, type]
  }

  /** The name of a node, which is an index into the list that all skeletons share, a pickled node, or a reference to one. */
  node(value: Json): string {
    if (typeof value === 'number') return this.#shared[value] ?? ''
    if (typeof value === 'string') return value
    if (!isObject(value)) return ''
    if ('py/id' in value) return String(this.#objects[Number(value['py/id']) - 1] ?? '')
    const state = value['py/state']
    const values = isObject(state) ? (listOf(state['py/tuple'])[0] ?? state.name) : value.name
    const name = typeof values === 'string' ? values : ''
    this.#objects.push(name)
    return name
  }

  #edgeType(value: Json): number {
    if (typeof value === 'number') return value
    if (!isObject(value)) return 1
    if ('py/id' in value) {
      const number = Number(value['py/id'])
      const known = this.#objects[number - 1]
      // Some files were cut out of others, and refer to a type that they do not hold; SLEAP counts edges first.
      return typeof known === 'number' ? known : number
    }
    const reduce = listOf(value['py/reduce'])[1]
    const tuple = listOf(isObject(reduce) ? reduce['py/tuple'] : value['py/tuple'])
    const type = Number(tuple[0] ?? 1)
    this.#objects.push(type)
    return type
  }
}
