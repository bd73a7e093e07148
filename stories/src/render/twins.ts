import type { CalendarUi } from '@tidemark/calendar/svelte'
import { mount, unmount, type Component } from 'svelte'
import { createApp, type Component as VueComponent } from 'vue'
import InUiSvelte from './InUi.svelte'
import InUiVue from './InUi.vue'

/** One component, in both frameworks. */
export interface Twins {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a story does not know its component's props
  readonly svelte: Component<any>
  readonly vue: VueComponent
}

/**
 * Mounts a component by one of the frameworks; answers what takes it away again.
 *
 * @param props listeners named as Svelte has them: `onopen`
 */
export function mountTwin(
  framework: keyof Twins,
  twins: Twins,
  target: HTMLElement,
  ui: CalendarUi,
  props: object,
): () => void {
  if (framework === 'vue') {
    const app = createApp(InUiVue, { ui, shown: twins.vue, props: forVue(props) })
    app.mount(target)
    return () => app.unmount()
  }
  const mounted = mount(InUiSvelte, { target, props: { ui, shown: twins.svelte, props } })
  return () => void unmount(mounted)
}

/** Listeners as Vue names them: `onOpen`. */
const forVue = (props: object): object =>
  Object.fromEntries(
    Object.entries(props).map(([name, value]) => [
      name.replace(/^on([a-z])/u, (_, first: string) => `on${first.toUpperCase()}`),
      value,
    ]),
  )
