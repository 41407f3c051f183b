import type { Principal } from '../http/call.ts';

/**
 * Has an admin's rights, because a person who can run commands here can also edit the database. The audit log
 * shows user 0. No request can be this object, so it is compared by identity.
 */
export const operator: Principal = {
  user_id: 0,
  uid: 'operator',
  role: 'admin',
  session_id: 'command line',
  carrier: 'bearer',
};
