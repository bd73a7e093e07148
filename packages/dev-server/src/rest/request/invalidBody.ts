import { RestError } from '../errors.js'

/** A body that cannot be read as what it says it is. */
export const invalidBody = (message: string) => new RestError(400, { code: 'PGRST102', message })
