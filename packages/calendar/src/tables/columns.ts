import { z } from 'zod'

/** A time as Postgres writes it in JSON: ISO text with an offset. */
export const isoDateTime = z.iso.datetime({ offset: true })

/** A time of day, `HH:MM` or `HH:MM:SS`. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/)

/** Columns that every table has; both are the server's to say. */
export const stamps = { created_at: isoDateTime, updated_at: isoDateTime }
