/** Starts the page. */
import { fileOf, layoutOf } from './api.js'
import { App } from './app.js'
import { Controls, connect, element } from './controls.js'
import { Stage } from './stage.js'
import { Timeline } from './timeline.js'
import { VideoLayer } from './video-layer.js'

const controls = new Controls()

async function start(): Promise<void> {
  // The address names the place: #frame=120&view=top&layout=poses
  const place = new URLSearchParams(location.hash.slice(1))
  const [file, layout] = await Promise.all([fileOf(), layoutOf(place.get('layout'))])
  let app: App | null = null
  const change = () => app?.change()
  const onVideoSize = () => {
    stage.fit(stage.bounds)
    change()
  }
  const video = new VideoLayer(element<HTMLVideoElement>('video'), onVideoSize, (text) => controls.problem(text))
  const stage = new Stage(element<HTMLCanvasElement>('picture'), video, change)
  const timeline = new Timeline(
    {
      rows: element('rows'),
      animals: element('animals'),
      bars: element('bars'),
      canvas: element('coverage'),
      playhead: element('playhead'),
    },
    {
      nameOf: (id) => app!.nameOf(id),
      onSeek: (row) => app!.player.seek(row, app!),
      onFollow: (id) => app!.follow(id),
      onRange: () => change(),
    },
  )
  app = new App(stage, timeline, video, controls)
  app.open(layout, place.get('view'), Number(place.get('frame') ?? 0))
  connect(app, stage, file)
}

start().catch((error: Error) => controls.problem(error.message))
