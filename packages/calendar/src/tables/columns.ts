import { z } from 'zod'

/** A time as Postgres writes it in JSON: ISO text with an offset. */
export const isoDateTime = z.iso.datetime({ offset: true })

/** A time of day, `HH:MM` or `HH:MM:SS`. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/)

/** Columns that every table has; both are the server's to say. */
export const stamps = { created_at: isoDateTime, updated_at: isoDateTime }

/** Lengths that the database checks as well, so that a row it would refuse is refused before it is stored. */
export const shortName = z.string().min(1).max(200)
export const optionalName = z.string().max(200).nullable()
export const color = z.string().min(1).max(40)
export const line = z.string().max(2_000).nullable()
export const longText = z.string().max(20_000).nullable()
