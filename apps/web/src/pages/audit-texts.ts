import { type AuditEventName, refusalEvents } from '@signet/contracts';
import {
  Ban,
  KeySquare,
  LogIn,
  LogOut,
  type LucideIcon,
  ShieldAlert,
  Trash2,
  UserRoundPen,
  UserRoundPlus,
} from 'lucide-react';

type EventText = { readonly text: string; readonly icon: LucideIcon };

export const eventTexts: Readonly<Record<AuditEventName, EventText>> = {
  sign_in: { text: 'Signed in', icon: LogIn },
  sign_in_failed: { text: 'Sign-in failed', icon: Ban },
  sign_out: { text: 'Signed out', icon: LogOut },
  session_ended: { text: 'Session ended', icon: LogOut },
  refresh_reused: { text: 'Refresh token reused', icon: ShieldAlert },
  refresh_repeated: { text: 'Refresh repeated', icon: KeySquare },
  refresh_refused: { text: 'Refresh refused', icon: Ban },
  password_changed: { text: 'Password changed', icon: KeySquare },
  password_refused: { text: 'Wrong current password', icon: Ban },
  role_changed: { text: 'Role changed', icon: UserRoundPen },
  role_refused: { text: 'Permission denied', icon: Ban },
  user_created: { text: 'User created', icon: UserRoundPlus },
  user_changed: { text: 'User changed', icon: UserRoundPen },
  user_deleted: { text: 'User deleted', icon: Trash2 },
  users_imported: { text: 'Users imported', icon: UserRoundPlus },
  post_changed: { text: 'Post changed by an admin', icon: UserRoundPen },
  post_deleted: { text: 'Post deleted by an admin', icon: Trash2 },
  player_created: { text: 'Player created', icon: UserRoundPlus },
  player_changed: { text: 'Player changed', icon: UserRoundPen },
  player_deleted: { text: 'Player deleted', icon: Trash2 },
  host_refused: { text: 'Unknown host name', icon: Ban },
  origin_refused: { text: 'Blocked origin', icon: Ban },
  token_refused: { text: 'Rejected token', icon: Ban },
  limit_reached: { text: 'Limit reached', icon: Ban },
  request_refused: { text: 'Request refused', icon: Ban },
  refusals_not_recorded: { text: 'Too many refusals to record', icon: ShieldAlert },
};

/** Whether the event should catch the reader's eye: a refusal, or a refresh token in two hands. */
export function isAlarming(event: AuditEventName): boolean {
  return refusalEvents.includes(event) || event === 'refresh_reused';
}
