import { access } from './access.js'
import { columns } from './columns.js'
import type { Check, Finding, Patient } from './finding.js'
import { kit } from './kit.js'
import { plain } from './plain.js'
import { publication } from './publication.js'
import { time } from './time.js'

const checks: readonly Check[] = [access, kit, columns, publication, time, plain]

/** Everything that is wrong or risky, the worst first. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const found: Finding[] = []
  for (const check of checks) found.push(...(await check(patient)))
  return [...found.filter(isError), ...found.filter((finding) => !isError(finding))]
}

const isError = ({ severity }: Finding): boolean => severity === 'error'
