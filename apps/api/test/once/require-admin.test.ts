import { expect, test } from 'vitest';
import { requireAdmin, requireOwnerOrAdmin } from '../../src/http/require-admin.ts';

const user = { user_id: 2, role: 'user' } as const;
const admin = { user_id: 1, role: 'admin' } as const;

test('only an admin may do what admins do', () => {
  expect(() => requireAdmin(admin)).not.toThrow();
  expect(() => requireAdmin(user)).toThrow(
    expect.objectContaining({ code: 'forbidden', message: 'Only an admin may do this' }),
  );
});

test('the owner and an admin may do what owners do, and nobody else', () => {
  expect(() => requireOwnerOrAdmin(2, user, 'Not yours')).not.toThrow();
  expect(() => requireOwnerOrAdmin(2, admin, 'Not yours')).not.toThrow();
  expect(() => requireOwnerOrAdmin(3, user, 'Not yours')).toThrow(
    expect.objectContaining({ code: 'forbidden', message: 'Not yours' }),
  );
});
