import { rulesHold } from './rulesHold.js'

rulesHold(1001, 500)
