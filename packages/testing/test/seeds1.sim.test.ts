import { rulesHold } from './rulesHold.js'

rulesHold(1, 500)
