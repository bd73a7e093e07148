import { RestError } from '../errors.js'

/** Something is asked of a resource that the request does not embed. */
export const notEmbedded = (name: string) =>
  new RestError(400, {
    code: 'PGRST108',
    message: `'${name}' is not an embedded resource in this request`,
    hint: `Verify that '${name}' is included in the 'select' query parameter.`,
  })

/** Rows cannot be ordered by a field of which there are many. */
export const notToOne = (origin: string, target: string) =>
  new RestError(400, {
    code: 'PGRST118',
    message: `A related order on '${target}' is not possible`,
    details: `'${origin}' and '${target}' do not form a many-to-one or one-to-one relationship`,
  })
