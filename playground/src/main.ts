import '@tidemark/calendar/components.css'
import '@tidemark/calendar/tokens.css'
import './styles.css'
import './calendar.css'
import { mount } from 'svelte'
import { createApp } from 'vue'
import { Device } from './shared/device.js'
import { ada, ben } from './shared/people.js'
import SvelteDevice from './svelte/SvelteDevice.svelte'
import PageTools from './svelte/PageTools.svelte'
import ServerPanel from './svelte/ServerPanel.svelte'
import VueDevice from './vue/VueDevice.vue'

declare const __SUPABASE__: { url: string; anonKey: string }

/** One core, two frameworks: each device is a client of its own, as if it were on another machine. */
const left = new Device('svelte', __SUPABASE__, ada)
const right = new Device('vue', __SUPABASE__, ben)

mount(PageTools, { target: must('#page-tools'), props: { devices: [left, right] } })
mount(SvelteDevice, { target: must('#svelte'), props: { device: left } })
createApp(VueDevice, { device: right }).mount('#vue')
mount(ServerPanel, { target: must('#server'), props: { server: __SUPABASE__ } })

function must(selector: string): Element {
  const element = document.querySelector(selector)
  if (!element) throw new Error(`index.html has no ${selector}`)
  return element
}
