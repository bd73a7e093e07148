import type { Component as SvelteComponent } from 'svelte'
import { expect, onTestFinished, test, vi } from 'vitest'
import { render as renderSvelte } from 'vitest-browser-svelte'
import { createApp, type Component as VueComponent } from 'vue'
import '../src/styles/components.css'
import '../src/styles/tokens.css'
import { calendarUi, type CalendarUi, type CalendarUiOptions } from '../src/parts/locale.js'
import { calendarWorld, now, type CalendarWorld } from './calendarWorld.js'
import InUiSvelte from './InUi.svelte'
import InUiVue from './InUi.vue'

/** One component in both frameworks. */
export interface Twin {
  readonly svelte: SvelteComponent<any>
  readonly vue: VueComponent
}

/** What a test does with a component. Listeners are named as Svelte has them: `onopen`. */
export type Show = (props: object, where?: CalendarUiOptions) => Promise<Shown>
interface Shown {
  readonly container: HTMLElement
  unmount(): Promise<unknown>
}

/** Runs a test of a component in both frameworks, each with a device of its own. */
export function inBoth(
  twin: Twin,
  title: string,
  run: (show: Show, world: CalendarWorld) => Promise<void>,
): void {
  const svelte = (ui: CalendarUi, props: object): Promise<Shown> =>
    Promise.resolve(renderSvelte(InUiSvelte, { props: { ui, shown: twin.svelte, props } }))
  const vue = (ui: CalendarUi, props: object): Promise<Shown> =>
    Promise.resolve(mountVue(InUiVue, { ui, shown: twin.vue, props: forVue(props) }))
  for (const [name, mount] of Object.entries({ svelte, vue }))
    test(`${name}: ${title}`, async () => {
      const world = await calendarWorld()
      onTestFinished(() => world.calendar.tide.stop())
      const { calendar } = world
      await vi.waitFor(() => expect(calendar.tide.status$.current?.name).toBe('synced'))
      const standing = { locale: 'en-GB', timeZone: 'Europe/Berlin', clock: () => now, calendar }
      await run((props, where = {}) => mount(calendarUi({ ...standing, ...where }), props), world)
    })
}

/** Mounted in its place: a library that mounts elsewhere and moves what it mounted takes modal dialogs out of the top layer. */
function mountVue(component: VueComponent, props: Record<string, unknown>): Shown {
  const container = document.body.appendChild(document.createElement('div'))
  const app = createApp(component, props)
  app.mount(container)
  const unmount = (): Promise<void> => {
    app.unmount()
    container.remove()
    return Promise.resolve()
  }
  onTestFinished(() => (container.isConnected ? unmount() : undefined))
  return { container, unmount }
}

/** Listeners as Vue names them: `onOpen`. */
const forVue = (props: object): object =>
  Object.fromEntries(
    Object.entries(props).map(([name, value]) => [
      name.replace(/^on([a-z])/u, (_, first: string) => `on${first.toUpperCase()}`),
      value,
    ]),
  )
