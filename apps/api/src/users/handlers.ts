import { endpoints, pathOf } from '@signet/contracts';
import type { Handlers } from '../http/call.ts';
import { pageOf, placeInCursor } from '../http/page.ts';
import type { Limits } from '../limits/service.ts';
import type { ReadActivity } from './activity.ts';
import type { PresentUser } from './present.ts';
import { type FoundUser, prefixOfTexts } from './search-store.ts';
import type { UserService } from './service.ts';
import type { SetPassword } from './set-password.ts';
import type { UserStore } from './store.ts';

type UserHandlers = Pick<
  Handlers,
  | 'signUp'
  | 'listUsers'
  | 'countUsers'
  | 'createUser'
  | 'readMe'
  | 'readUser'
  | 'readUserActivity'
  | 'updateUser'
  | 'replaceUser'
  | 'deleteUser'
  | 'setPassword'
>;

/** Users as their viewer may see them, and sign-up. */
export function createUserHandlers({
  service,
  setPassword,
  present,
  readActivity,
  users,
  limits,
}: {
  service: UserService;
  setPassword: SetPassword;
  present: PresentUser;
  readActivity: ReadActivity;
  users: UserStore;
  limits: Limits;
}): UserHandlers {
  return {
    async signUp({ body, from }, reply) {
      reply.quota(await limits.takeSignUp(from.ip));
      const user = await service.create(body, undefined, from);
      reply.location(pathOf(endpoints.readUser, { id: user.id }));
      return present(user, { user_id: user.id, role: 'user' });
    },

    async listUsers({ query: { limit, after, ...query }, principal }) {
      const place = placeInCursor(after, prefixOfTexts(query));
      const rows = await users.list({ ...query, limit: limit + 1, after: place });
      const { items, next } = pageOf(rows, limit, keyOf);
      return { items: items.map(({ user }) => present(user, principal)), next };
    },

    countUsers: ({ query }) => users.count(query),

    async createUser({ body, principal, from }, reply) {
      if (principal.role !== 'admin') reply.quota(await limits.takeSignUp(from.ip, principal.user_id));
      const user = await service.create(body, principal, from);
      reply.location(pathOf(endpoints.readUser, { id: user.id }));
      return present(user, principal);
    },

    readMe: async ({ principal }) => present(await service.read(principal.user_id), principal),

    readUser: async ({ params, principal }) => present(await service.read(params.id), principal),

    readUserActivity: ({ params, principal }) => readActivity(params.id, principal),

    updateUser: async ({ params, body, principal, from }) =>
      present(await service.update(params.id, body, principal, from), principal),

    async replaceUser({ params, body, principal, from }) {
      const { dob = null, ...rest } = body;
      return present(await service.update(params.id, { dob, ...rest }, principal, from), principal);
    },

    async deleteUser({ params, body, principal, from }) {
      await service.remove(params.id, body?.current_password, principal, from);
      return undefined;
    },

    async setPassword({ params, body, principal, from }) {
      await setPassword(params.id, body.new_password, principal, from);
      return undefined;
    },
  };
}

function keyOf({ place: { id, text } }: FoundUser): string {
  return text === undefined ? `${id}` : `${id}.${text}`;
}
