import { rulesHold } from './rulesHold.js'

rulesHold(1501, 500)
