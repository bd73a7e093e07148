import { render } from 'vitest-browser-vue'
import { ordersConformance } from '../../core/test/ordersConformance.js'
import Orders from './Orders.vue'

ordersConformance('Vue', async (invalidation) => render(Orders, { props: { invalidation } }))
