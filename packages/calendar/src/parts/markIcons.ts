import {
  Archive,
  Bot,
  CloudUpload,
  Feather,
  House,
  Lock,
  Plane,
  Shield,
  ShieldBan,
  TriangleAlert,
  type IconNode,
} from 'lucide'
import type { MarkName } from './eventChip.js'

/** The icon of each mark of a chip. */
export const markIcons: Readonly<Record<MarkName, IconNode>> = {
  failed: TriangleAlert,
  pending: CloudUpload,
  private: Lock,
  aiManaged: Bot,
  flexible: Feather,
  high: Shield,
  hard_block: ShieldBan,
  oof: Plane,
  working_elsewhere: House,
  archived: Archive,
}
