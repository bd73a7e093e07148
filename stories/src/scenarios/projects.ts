import { draft } from '@tidemark/core/entities'
import { project, projectsOf, type Projects } from '../scenario/projects.ts'
import { scenario } from '../scenario/scenario.ts'
import type { Stage } from '../scenario/stage.ts'

const editOf = ({ entities }: Projects) => draft(entities, 'project', project)
type ProjectDraft = ReturnType<typeof editOf>

/** Resolves when a stream has come to where a story goes on; it is watched until the story ends. */
async function reached<V>(
  { until, atEnd }: Stage,
  stream: { readonly current: V | undefined; watch(changed: () => void): () => void },
  there: (value: V) => boolean,
): Promise<void> {
  atEnd(stream.watch(() => undefined))
  await until(() => stream.current !== undefined && there(stream.current))
}

/** Opens the projects with a draft that is begun. */
async function begun(stage: Stage): Promise<Projects & { readonly edit: ProjectDraft }> {
  const projects = projectsOf(stage)
  await projects.open()
  const edit = editOf(projects)
  await edit.start()
  return { ...projects, edit }
}

const durable = (stage: Stage, edit: ProjectDraft): Promise<void> =>
  reached(stage, edit.state$, (state) => 'durable' in state && state.durable)

export const clean = scenario({
  happened: 'Ada has begun to edit a project, and has not changed anything.',
  can: 'Write; there is nothing to save and nothing to undo yet.',
  play: async (stage) => void (await begun(stage)),
})

export const dirty = scenario({
  happened: 'Ada has given a project another name, and has not saved it.',
  can: 'Save, undo, discard, or leave: the draft stays on this device.',
  play: async (stage) => {
    const { edit } = await begun(stage)
    edit.update({ name: 'Sea wall, north' })
    await durable(stage, edit)
  },
})

export const undone = scenario({
  happened: 'Ada changed the name and the place, and took the last change back.',
  can: 'Redo it, or go on.',
  play: async (stage) => {
    const { edit } = await begun(stage)
    edit.update({ name: 'Sea wall, north' })
    edit.update({ place: 'Kiel' })
    edit.undo()
    await durable(stage, edit)
  },
})

export const conflicting = scenario({
  happened:
    'Ada has changed the name of a project. Meanwhile somebody else has changed it too, and the place.',
  can: 'Keep hers, take theirs, or see both before deciding.',
  play: async (stage) => {
    const { edit, server, entities } = await begun(stage)
    edit.update({ name: 'Sea wall, north' })
    server.put(project, { name: 'Sea wall, south', place: 'Husum' })
    entities.refetch('project', project)
    await reached(stage, edit.state$, ({ name }) => name === 'conflict')
  },
})

export const restored = scenario({
  happened: 'Ada changed a project and closed the page without saving. Later the page was opened again.',
  can: 'Go on where the edit was left; undo reaches back beyond the reload.',
  play: async (stage) => {
    const { edit, reopen, entities } = await begun(stage)
    edit.update({ name: 'Sea wall, north' })
    await durable(stage, edit)
    await reopen()
    await reached(stage, draft(entities, 'project', project).state$, ({ name }) => name === 'editing')
  },
})

export const loading = scenario({
  happened: 'A list is opened for the first time, and the server has not answered yet.',
  can: 'Wait; nothing of it is on this device.',
  play: async (stage) => {
    const { server, open } = projectsOf(stage)
    server.silent = true
    await open()
  },
})

export const listed = scenario({
  happened: 'A list was opened and the server has answered.',
  can: 'Turn the page, or ask again.',
  play: (stage) => projectsOf(stage).open(),
})

export const refetching = scenario({
  happened: 'A list that is on this device is old. It is shown, and asked for again behind that.',
  rule: 'R1: a read never waits for the network.',
  can: 'Read on; what has changed appears when the server answers.',
  play: async (stage) => {
    const { server, open, reopen, entities } = projectsOf(stage)
    await open()
    const list = entities.entityList('project', { limit: 3 })
    await reached(stage, list, ({ name }) => name === 'fresh')
    server.silent = true
    stage.wait(1)
    await reopen()
    await reached(stage, list, ({ name }) => name === 'stale')
  },
})

export const waiting = scenario({
  happened: 'A list is on this device, and the server is too busy to say whether it still holds.',
  rule: 'R1: a read never waits for the network.',
  can: 'Read on; the server is asked again by itself.',
  play: async (stage) => {
    const { server, open, reopen, entities } = projectsOf(stage)
    await open()
    const list = entities.entityList('project', { limit: 3 })
    await reached(stage, list, ({ name }) => name === 'fresh')
    server.failing = 503
    stage.wait(1)
    await reopen()
    await reached(stage, list, ({ name }) => name === 'waiting')
  },
})

export const reconnecting = scenario({
  happened:
    'The service that tells of changes cannot be reached. It is tried again, after longer and longer pauses.',
  can: 'Work on; what changes meanwhile is fetched when the connection is back.',
  play: async (stage) => {
    const { open, listen, feed, entities } = projectsOf(stage)
    await open()
    listen()
    stage.atEnd(entities.entity('project', project).watch(() => undefined))
    await reached(stage, feed.state$, ({ name }) => name === 'lost')
  },
})

export const givenUp = scenario({
  happened: 'The service that tells of changes was tried ten times in vain. What is shown is polled now.',
  can: 'Work on; what others change comes a little later.',
  play: async (stage) => {
    const { open, listen, feed, entities } = projectsOf(stage)
    await open()
    listen()
    stage.atEnd(entities.entity('project', project).watch(() => undefined))
    await stage.until(() => {
      if (feed.state$.current?.name === 'lost') stage.clock.pass(60_000)
      return feed.state$.current?.name === 'polling'
    })
  },
})
