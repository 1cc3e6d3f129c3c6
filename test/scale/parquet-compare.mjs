// Compares Parquet tables of simulated shards with the frames that were written, by DuckDB.
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { Rig } from '../../dist/simulate/rig.js'

// That many different frames are repeated, see parquet-program.mjs.
const DISTINCT = 500

/**
 * Returns the number of rows of each table and how many of them differ from what the rig simulates.
 * @param {string} folder @param {number} frames
 * @returns {Promise<Record<string, Record<string, unknown>>>}
 */
export async function compare(folder, frames) {
  const database = await DuckDBInstance.create()
  const connection = await database.connect()
  const run = async (/** @type {string} */ sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS()
  await run(`SET memory_limit = '1GB'`)
  const { tracks, detections } = expected()
  await run('CREATE TABLE tracks (frame BIGINT, fish_id INT, x FLOAT, y FLOAT, z FLOAT, n INT, ok BOOLEAN)')
  await run(
    'CREATE TABLE seen (frame BIGINT, fish_id INT, camera TEXT, detection INT, x INT, y INT, width INT, height INT)',
  )
  for (let i = 0; i < tracks.length; i += 2000)
    await run(`INSERT INTO tracks VALUES ${tracks.slice(i, i + 2000).join()}`)
  for (let i = 0; i < detections.length; i += 2000)
    await run(`INSERT INTO seen VALUES ${detections.slice(i, i + 2000).join()}`)
  const [first] = await run(`
    SELECT count(*)::INT AS rows, count(*) FILTER (t.fish_id IS NULL OR p.x IS DISTINCT FROM t.x OR p.y IS DISTINCT FROM t.y
      OR p.z IS DISTINCT FROM t.z OR p.n_cameras <> t.n OR p.is_confirmed <> t.ok)::INT AS different
    FROM read_parquet('${join(folder, 'tracks')}/*/*.parquet') p
    LEFT JOIN tracks t ON p.frame % ${DISTINCT} = t.frame AND p.fish_id = t.fish_id`)
  const [second] = await run(`
    SELECT count(*)::INT AS rows, count(*) FILTER (s.fish_id IS NULL OR p.detection IS DISTINCT FROM s.detection
      OR p.x IS DISTINCT FROM s.x OR p.y IS DISTINCT FROM s.y OR p.width IS DISTINCT FROM s.width OR p.height IS DISTINCT FROM s.height)::INT AS different
    FROM read_parquet('${join(folder, 'detections')}/*/*.parquet') p
    LEFT JOIN seen s ON p.frame % ${DISTINCT} = s.frame AND p.fish_id = s.fish_id AND p.camera = s.camera`)
  const [third] = await run(`
    SELECT count(*)::INT AS rows, count(*) FILTER (fish <> 9)::INT AS different, max(frame)::INT AS last, count(DISTINCT frame)::INT AS frames
    FROM read_parquet('${join(folder, 'frames')}/*/*.parquet')`)
  connection.closeSync()
  const times = frames / DISTINCT
  return {
    tracks: { ...first, expected: tracks.length * times },
    detections: { ...second, expected: detections.length * times },
    frames: { ...third, expected: frames },
  }
}

/** A literal of DuckDB's DOUBLE with the value of a float32. */
const float = (/** @type {number} */ value) => `${Math.fround(value).toExponential()}`

/** The rows of the tables as SQL, from the simulated frames. */
function expected() {
  /** @type {string[]} */
  const tracks = []
  /** @type {string[]} */
  const detections = []
  for (const { frameIndex, tracks: fish } of new Rig({ frames: DISTINCT }).frames()) {
    for (const { fishId, centroid3d, nCameras, isConfirmed, cameraDetections, bboxes } of fish) {
      const position = centroid3d ? Array.from(centroid3d, float) : ['NULL', 'NULL', 'NULL']
      tracks.push(`(${[frameIndex, fishId, ...position, nCameras, isConfirmed]})`)
      for (const [camera, detection] of Object.entries(cameraDetections)) {
        const box = /** @type {Record<string, ArrayLike<number>>} */ (bboxes)[camera]
        const sides = box ? Array.from(box, Math.trunc) : ['NULL', 'NULL', 'NULL', 'NULL']
        detections.push(`(${[frameIndex, fishId, `'${camera}'`, detection, ...sides]})`)
      }
    }
  }
  return { tracks, detections }
}
