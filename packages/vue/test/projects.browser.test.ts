import { render } from 'vitest-browser-vue'
import { projectsConformance } from '../../core/test/projectsConformance.js'
import Projects from './Projects.vue'

projectsConformance('Vue', async (entities) => render(Projects, { props: { entities } }))
