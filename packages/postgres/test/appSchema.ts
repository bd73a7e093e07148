import { defineSchema } from '@tidemark/core'
import { tables } from './world.js'

export const schema = defineSchema({ version: 1, tables })
