/**
 * `h5tracks/tracking`: the old name of `h5tracks/tracker`.
 *
 * @deprecated Import from `h5tracks/tracker`; the next version removes this name.
 */
export * from '../tracker/index.js'
