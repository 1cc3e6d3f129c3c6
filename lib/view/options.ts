/** The options of `view`. */
import { checkInteger, checkOptions, invalidArgument } from '../base/errors.js'
import { toPath } from '../base/path.js'

/** How a file is shown. */
export interface ViewOptions {
  /** The layout to show first, if the file has several. Default: the first one. */
  layout?: string
  /** Videos by camera: `{ top: 'top.mp4' }`. The path of a single video if the layout has only one plane to show it in. */
  videos?: Readonly<Record<string, string | URL>> | string | URL
  /** Port of the loopback address. Default: 0, any free port. */
  port?: number
  /** Read the file in processes of their own, as `FrameReader.open` does. Such a file is not followed while it grows. Default: false. */
  untrusted?: boolean
  /** Show what is left of a file that was not closed and whose journal is missing. Default: false. */
  acceptLoss?: boolean
}

/** The options with all defaults. */
export interface CheckedOptions {
  readonly layout: string | undefined
  /** Paths of videos by view; '' is the only plane. */
  readonly videos: ReadonlyMap<string, string>
  readonly port: number
  readonly untrusted: boolean
  readonly acceptLoss: boolean
}

/** Throws ERR_INVALID_ARGUMENT. */
export function checkViewOptions(options: ViewOptions): CheckedOptions {
  checkOptions('view', options, ['layout', 'videos', 'port', 'untrusted', 'acceptLoss'])
  const { layout, videos = {}, port = 0, untrusted = false, acceptLoss = false } = options
  if (layout !== undefined && typeof layout !== 'string') throw invalidArgument('layout', layout, 'the name of a group')
  if (!isOne(videos) && (typeof videos !== 'object' || videos === null))
    throw invalidArgument('videos', videos, 'a path or an object of paths')
  for (const [name, value] of Object.entries({ untrusted, acceptLoss })) {
    if (typeof value !== 'boolean') throw invalidArgument(name, value, 'true or false')
  }
  return {
    layout,
    videos: isOne(videos)
      ? new Map([['', toPath(videos)]])
      : new Map(Object.entries(videos).map(([camera, path]) => [camera, toPath(path)])),
    port: checkInteger('port', port, 0, 65_535),
    untrusted,
    acceptLoss,
  }
}

const isOne = (videos: NonNullable<ViewOptions['videos']>): videos is string | URL =>
  typeof videos === 'string' || videos instanceof URL
