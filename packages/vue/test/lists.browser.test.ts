import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-vue'
import { createSSRApp } from 'vue'
import { listsConformance } from '../../core/test/listsConformance.js'
import { makeWorld } from '../../core/test/world.js'
import Lists from './Lists.vue'
import { listsOnServer } from './listsOnServer.js'

listsConformance('Vue', async (tide) => render(Lists, { props: { tide } }))

test('the first render in the browser is that of the server, the status included', () => {
  const warn = vi.spyOn(console, 'warn')
  const tide = makeWorld().tab()
  const container = document.createElement('div')
  container.innerHTML = listsOnServer
  const app = createSSRApp(Lists, { tide })
  app.mount(container)
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
  app.unmount()
})
