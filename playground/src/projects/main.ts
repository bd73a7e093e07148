import '@tidemark/calendar/tokens.css'
import '../styles.css'
import './projects.css'
import { mount } from 'svelte'
import { createApp } from 'vue'
import { ada, ben } from '../shared/people.js'
import { ProjectsDevice, type ProjectServers } from './device.js'
import Device from './svelte/Device.svelte'
import Tools from './svelte/Tools.svelte'
import VueDevice from './vue/Device.vue'

declare const __SUPABASE__: { url: string; anonKey: string }
declare const __PUBSUB__: string

const servers: ProjectServers = {
  supabase: __SUPABASE__,
  entityUrl: `${location.origin}/api/v1`,
  pubsubUrl: __PUBSUB__,
}

/** One core, two frameworks: each device is a client of its own, as if it were on another machine. */
const left = new ProjectsDevice('svelte', servers, ada.email)
const right = new ProjectsDevice('vue', servers, ben.email)

mount(Tools, { target: must('#page-tools'), props: { devices: [left, right] } })
mount(Device, { target: must('#svelte'), props: { device: left } })
createApp(VueDevice, { device: right }).mount('#vue')

addEventListener('pagehide', () => {
  left.leave()
  right.leave()
})
// The browser may have kept the page, and brings it back as it was.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload()
})

function must(selector: string): Element {
  const element = document.querySelector(selector)
  if (!element) throw new Error(`projects.html has no ${selector}`)
  return element
}
