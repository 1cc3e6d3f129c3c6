import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { ROOT } from './process.js'

/** One `import` or `#include` of a file of ours. Units are paths without an extension: a header and its source are one. */
export interface Import {
  /** Where it stands, and what it says: 'lib/a/b.ts: ../c/d.js'. */
  text: string
  from: string
  to: string
}

/** For each node, the nodes that it leads to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>

export const roomOf = (unit: string): string => dirname(unit)

const languages = {
  lib: { extension: /\.ts$/, imports: /(?:\bfrom|\bimport\(?)\s*'(\.[^']+)'/g },
  native: { extension: /\.(cc|h)$/, imports: /^#include "([^"]+)"/gm },
}

const unitOf = (file: string) => file.replace(/\.(js|ts|cc|h)$/, '')

/** Every file of `lib` or `native`, from the root of the repository. */
export function sources(folder: keyof typeof languages): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && languages[folder].extension.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
}

/** What those files import of one another, imports of types included. */
export function importsOf(folder: keyof typeof languages): Import[] {
  const files = sources(folder)
  const units = new Set(files.map(unitOf))
  return files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(languages[folder].imports)].flatMap(([, path]) => {
      const inFolder = join(folder, path!)
      const found = folder === 'native' && existsSync(join(ROOT, inFolder)) ? inFolder : join(dirname(file), path!)
      const to = unitOf(normalize(found))
      if (!units.has(to)) throw new Error(`${file}: ${path} is not among the sources of ${folder}`)
      return to === unitOf(file) ? [] : [{ text: `${file}: ${path}`, from: unitOf(file), to }]
    }),
  )
}

export function graphOf(edges: Iterable<readonly [string, string]>): Graph {
  const graph = new Map<string, Set<string>>()
  for (const [from, to] of edges) graph.set(from, (graph.get(from) ?? new Set()).add(to))
  return graph
}

/** The largest sets of nodes that all lead to one another, each sorted. */
export function circlesOf(graph: Graph): string[][] {
  const reached = new Map([...graph.keys()].map((node) => [node, reach(graph, node)]))
  const circles = [...reached].map(([node, others]) =>
    [...others].filter((other) => reached.get(other)?.has(node)).sort(),
  )
  return [...new Map(circles.filter(({ length }) => length > 0).map((circle) => [circle.join(), circle])).values()]
}

function reach(graph: Graph, start: string): Set<string> {
  const reached = new Set<string>()
  const waiting = [start]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (reached.has(next)) continue
      reached.add(next)
      waiting.push(next)
    }
  }
  return reached
}
