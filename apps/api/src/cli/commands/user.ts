import { CreateUser, Role } from '@signet/contracts';
import { Command, Option } from 'commander';
import type { z } from 'zod';
import { operator } from '../../auth/operator.ts';
import type { UserPlace } from '../../users/search-store.ts';
import { askPassword } from '../ask-password.ts';
import { withServices } from '../open.ts';
import { findUser, here } from '../operator.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const passwordFromStdin = [
  '--password-stdin',
  'read the password from the first line of standard input',
] as const;

/** `user`: makes, changes and lists users, with an admin's rights. */
export function userCommand(terminal: Terminal): Command {
  return new Command('user')
    .description('make, change and list users')
    .addCommand(addCommand(terminal))
    .addCommand(setPasswordCommand(terminal))
    .addCommand(setRoleCommand(terminal))
    .addCommand(listCommand(terminal));
}

type NewUser = { name: string; dob?: string; role: Role; passwordStdin?: boolean };

function addCommand({ readConfig, print }: Terminal): Command {
  return new Command('add')
    .description('make a user; the command asks for the password')
    .argument('<uid>', 'user id')
    .requiredOption('--name <name>', 'the name that is shown')
    .option('--dob <yyyy-mm-dd>', 'date of birth')
    .addOption(new Option('--role <role>', 'what the user may do').choices(Role.options).default('user'))
    .option(...passwordFromStdin)
    .action(async (uid: string, { name, dob, role, passwordStdin }: NewUser) => {
      const config = readConfig();
      const password = await askPassword({ fromStdin: passwordStdin });
      const details = orUsageError(CreateUser.safeParse({ uid, name, dob: dob ?? null, role, password }));
      const made = await withServices(config, ({ userService }) =>
        userService.create(details, operator, here),
      );
      print(`${made.uid} (${made.role}) has id ${made.id}.`);
    });
}

function setPasswordCommand({ readConfig, print }: Terminal): Command {
  return new Command('set-password')
    .description('give a user another password and end all their sessions; the command asks for the password')
    .argument('<uid>', 'user id')
    .option(...passwordFromStdin)
    .action(async (uid: string, { passwordStdin }: { passwordStdin?: boolean }) => {
      await withServices(readConfig(), async (services) => {
        const { id } = await findUser(services, uid);
        const given = await askPassword({ fromStdin: passwordStdin });
        const password = orUsageError(CreateUser.shape.password.safeParse(given));
        await services.setPassword(id, password, operator, here);
      });
      print(`${uid} has another password, and has to sign in again.`);
    });
}

function setRoleCommand({ readConfig, print }: Terminal): Command {
  return new Command('set-role')
    .description('make a user an admin, or an admin a user')
    .argument('<uid>', 'user id')
    .argument('<role>', Role.options.join(' or '))
    .action(async (uid: string, given: string) => {
      const role = orUsageError(Role.safeParse(given));
      await withServices(readConfig(), async (services) => {
        const { id } = await findUser(services, uid);
        await services.userService.update(id, { role }, operator, here);
      });
      print(`${uid} is ${role === 'admin' ? 'an admin' : 'a user'}.`);
    });
}

function listCommand({ readConfig, print }: Terminal): Command {
  return new Command('list')
    .description('list users by id')
    .option('--json', 'print one JSON object a line')
    .action((options: { json?: boolean }) =>
      withServices(readConfig(), async ({ users }) => {
        for (let after: UserPlace | undefined; ; ) {
          const page = await users.list({ limit: 500, after });
          for (const { user } of page)
            print(options.json ? JSON.stringify(user) : [user.id, user.uid, user.role, user.name].join('\t'));
          const last = page.at(-1);
          if (!last) return;
          after = last.place;
        }
      }),
    );
}

/** The parsed value. Throws {@link UsageError} with every message of the schema. */
function orUsageError<Value>(result: z.ZodSafeParseResult<Value>): Value {
  if (result.success) return result.data;
  throw new UsageError(result.error.issues.map(({ message }) => message).join('\n'));
}
