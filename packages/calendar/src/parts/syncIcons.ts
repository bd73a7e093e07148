import { CircleAlert, CircleCheck, CloudOff, KeyRound, RefreshCw, TriangleAlert, type IconNode } from 'lucide'
import type { Status } from '@tidemark/core'

/** The icon of each status. */
export const statusIcons: Readonly<Record<Status['name'], IconNode>> = {
  stopped: CircleAlert,
  starting: RefreshCw,
  offline: CloudOff,
  syncing: RefreshCw,
  synced: CircleCheck,
  retrying: TriangleAlert,
  'needs-sign-in': KeyRound,
  'storage-blocked': TriangleAlert,
  'storage-failed': TriangleAlert,
}
