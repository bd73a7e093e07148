import { render } from 'vitest-browser-svelte'
import { ordersConformance } from '../../core/test/ordersConformance.js'
import Orders from './Orders.svelte'

ordersConformance('Svelte', async (invalidation) => render(Orders, { invalidation }))
