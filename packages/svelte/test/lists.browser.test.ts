import { render } from 'vitest-browser-svelte'
import { listsConformance } from '../../core/test/listsConformance.js'
import Lists from './Lists.svelte'

listsConformance('Svelte', async (tide) => render(Lists, { tide }))
