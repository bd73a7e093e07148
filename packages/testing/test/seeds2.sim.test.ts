import { rulesHold } from './rulesHold.js'

rulesHold(501, 500)
