import { render } from 'vitest-browser-svelte'
import { projectsConformance } from '../../core/test/projectsConformance.js'
import Projects from './Projects.svelte'

projectsConformance('Svelte', async (entities) => render(Projects, { entities }))
