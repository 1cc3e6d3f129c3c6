/** Formats whose code is loaded at the first call. */
import type { Format, FormatCode, FormatInfo } from './format.js'

export function lazily(info: FormatInfo, load: () => Promise<FormatCode>): Format {
  let loaded: Promise<FormatCode> | undefined
  const code = () => (loaded ??= load())
  return {
    ...info,
    async detect(probe) {
      return (await code()).detect(probe)
    },
    ...(info.reads && { read: async (path, options) => (await code()).read!(path, options) }),
    ...(info.writes && {
      write: async (recordings, path, options) => (await code()).write!(recordings, path, options),
    }),
  }
}
