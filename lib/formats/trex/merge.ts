/** The tables of all animals, merged by frame. */

import type { Layout } from '../../layout/model.js'
import { BatchBuilder } from '../core/batches.js'
import type { Batch } from '../core/format.js'
import { formatProblem } from '../core/problem.js'
import type { Roles } from './columns.js'
import type { Table } from './table.js'

/** The table of an animal, and where its columns go. */
export interface Animal {
  readonly id: number
  readonly table: Table
  readonly roles: Roles
}

/** A stream of rows that shows the next one. */
class Cursor {
  readonly animal: Animal
  readonly #rows: AsyncGenerator<ArrayLike<number>>
  row: ArrayLike<number> = []
  frame = Number.NEGATIVE_INFINITY
  ended = false

  constructor(animal: Animal) {
    this.animal = animal
    this.#rows = animal.table.rows()
  }

  /** Goes to the next row. Throws ERR_FORMAT if its frame does not follow. */
  async advance(): Promise<void> {
    const next = await this.#rows.next()
    if (next.done) {
      this.ended = true
      return
    }
    const { table, roles } = this.animal
    const frame = next.value[roles.frame] as number
    if (!Number.isSafeInteger(frame) || frame < 0 || frame <= this.frame) {
      const found = `frame ${frame} follows ${this.frame}`
      throw formatProblem(
        table.path,
        `frame ${frame}`,
        `its frames do not ascend: ${found}`,
        'export it again from TRex',
      )
    }
    this.row = next.value
    this.frame = frame
  }

  close(): Promise<unknown> {
    return this.#rows.return(undefined)
  }
}

/** True if the animal was seen in the frame. TRex writes infinity, or NaN, where it was not. */
export function isSeen(row: ArrayLike<number>, { x, y, nodes, others, missing }: Roles): boolean {
  const has = (column: number) => column >= 0 && Number.isFinite(row[column])
  if (has(x) || has(y) || nodes.some((node) => has(node.x) || has(node.y))) return true
  return !(missing >= 0 && row[missing] === 1) && others.some(({ column }) => has(column))
}

/** Batches of the frames from the first to the last in which a table has a row. */
export async function* merged(
  animals: readonly Animal[],
  layout: Layout,
  signal: AbortSignal | undefined,
): AsyncGenerator<Batch> {
  const builder = new BatchBuilder(layout)
  const key = layout.key?.name ?? ''
  // The arrays of the batch, by field.
  const arrays = new Map<string, Float64Array>()
  const array = (name: string): Float64Array => {
    const known = arrays.get(name) ?? (builder.column(name) as Float64Array)
    arrays.set(name, known)
    return known
  }
  const take = () => {
    arrays.clear()
    return builder.take()
  }
  const cursors = animals.map((animal) => new Cursor(animal))
  try {
    for (const cursor of cursors) await cursor.advance()
    for (;;) {
      signal?.throwIfAborted()
      const frame = Math.min(...cursors.map((cursor) => (cursor.ended ? Number.POSITIVE_INFINITY : cursor.frame)))
      if (frame === Number.POSITIVE_INFINITY) break
      const row = builder.row(frame)
      let slot = 0
      for (const cursor of cursors) {
        if (cursor.ended || cursor.frame !== frame) continue
        const { roles, id } = cursor.animal
        const time = cursor.row[roles.time]
        if (time !== undefined && Number.isFinite(time)) array('time')[row] = time
        if (isSeen(cursor.row, roles)) put(array, key, builder.cell(row, slot++), id, cursor.row, roles)
        await cursor.advance()
      }
      if (builder.isFull) yield take()
    }
    if (builder.rows > 0) yield take()
  } finally {
    for (const cursor of cursors) await cursor.close()
  }
}

const finite = (value: number | undefined): number =>
  value !== undefined && Number.isFinite(value) ? value : Number.NaN

function put(
  array: (name: string) => Float64Array,
  key: string,
  cell: number,
  id: number,
  row: ArrayLike<number>,
  roles: Roles,
): void {
  const set = (name: string, at: number, value: number) => {
    array(name)[at] = value
  }
  set(key, cell, id)
  if (roles.x >= 0 || roles.y >= 0) {
    set('x', cell, finite(row[roles.x]))
    set('y', cell, finite(row[roles.y]))
  }
  if (roles.missing >= 0) set('missing', cell, row[roles.missing] === 1 ? 1 : 0)
  for (const [i, node] of roles.nodes.entries()) {
    const at = cell * roles.nodes.length + i
    set('keypoints', 2 * at, finite(row[node.x]))
    set('keypoints', 2 * at + 1, finite(row[node.y]))
    if (node.p >= 0) set('confidence', at, finite(row[node.p]))
  }
  for (const { field, column } of roles.others) set(field, cell, finite(row[column]))
}
