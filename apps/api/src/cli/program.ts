import { Algorithm, CreateUser, Role } from '@signet/contracts';
import { Command, Option } from 'commander';
import type { Services } from '../app.ts';
import type { Config } from '../config.ts';
import { loadDemoData } from '../db/demo-data.ts';
import { rollback } from '../db/migrate.ts';
import { AppError } from '../errors.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import { askPassword } from './ask-password.ts';
import { backup } from './backup.ts';
import { generateKey, variablesFor, writeKey } from './generate-key.ts';
import { importCommand } from './import-command.ts';
import { withDatabase, withServices } from './open.ts';
import { UsageError } from './usage-error.ts';

export type Terminal = {
  /** Throws `ConfigError`. */
  readonly readConfig: () => Config;
  /** The answer, for whoever or whatever asked. */
  readonly print: (line: string) => void;
  /** What is said beside it. */
  readonly note: (line: string) => void;
};

/** Whoever may run commands on this machine may do here what an admin may. The audit log shows user 0. */
const operator: Principal = {
  user_id: 0,
  uid: 'operator',
  role: 'admin',
  session_id: 'command line',
  carrier: 'bearer',
};
const here: RequestSource = { ip: null, user_agent: 'signet command line', request_id: 'command line' };

/** Every command there is. None prints a password, and none takes one from the arguments. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('signet')
    .description(
      'Runs an installation of Signet. It reads the same environment as the API: DATABASE_URL, DATA_DIR and so on.',
    )
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 called wrongly.');
  addDatabase(program, terminal);
  addUser(program.command('user').description('make, change and list users'), terminal);
  addSessions(program.command('sessions').description('end sessions'), terminal);
  addKeys(program.command('keys').description('make keys'), terminal);
  return program.addCommand(importCommand(terminal).copyInheritedSettings(program));
}

function addDatabase(program: Command, { readConfig, print, note }: Terminal): void {
  program
    .command('migrate')
    .description('bring the schema up to date')
    .option('--rollback', 'take the last batch of migrations back, with the data in what it added')
    .action(async (options: { rollback?: boolean }) => {
      const { database } = readConfig();
      await withDatabase(database, async (db) => {
        if (options.rollback) await rollback(db);
      });
      print(options.rollback ? 'The last batch of migrations is taken back.' : 'The schema is up to date.');
    });

  program
    .command('seed')
    .description('load the demo rows into a database without users')
    .action(async () => {
      const { database, demoData } = readConfig();
      if (!demoData)
        throw new Error(
          'The demo users have published passwords, and the configuration keeps them out. Set DEMO_DATA=true to let them in.',
        );
      const loaded = await withDatabase(database, loadDemoData);
      print(
        loaded
          ? 'The demo rows are loaded: toby, niko, lex and hop can sign in.'
          : 'There are users already; nothing was changed.',
      );
    });

  program
    .command('backup')
    .description('copy the SQLite database to FILE while it is in use')
    .argument('<file>', 'is never overwritten')
    .action(async (file: string) => {
      await backup(readConfig().database, file);
      note(`The copy is whole: ${file}`);
    });
}

function addUser(user: Command, { readConfig, print }: Terminal): void {
  const passwordFromStdin = [
    '--password-stdin',
    'read the password from the first line of standard input',
  ] as const;

  user
    .command('add')
    .description('make a user; the password is asked for')
    .argument('<uid>', 'user id')
    .requiredOption('--name <name>', 'their name')
    .option('--dob <yyyy-mm-dd>', 'date of birth')
    .addOption(new Option('--role <role>').choices(Role.options).default('user'))
    .option(...passwordFromStdin)
    .action(
      async (
        uid: string,
        {
          name,
          dob,
          role,
          passwordStdin,
        }: { name: string; dob?: string; role: Role; passwordStdin?: boolean },
      ) => {
        const config = readConfig();
        const password = await askPassword({ fromStdin: passwordStdin });
        const details = CreateUser.safeParse({ uid, name, dob: dob ?? null, role, password });
        if (!details.success)
          throw new UsageError(details.error.issues.map(({ message }) => message).join('\n'));
        const made = await withServices(config, ({ userService }) =>
          userService.create(details.data, operator, here),
        );
        print(`${made.uid} (${made.role}) has id ${made.id}.`);
      },
    );

  user
    .command('set-password')
    .description('give a user another password and end all their sessions; the password is asked for')
    .argument('<uid>', 'user id')
    .option(...passwordFromStdin)
    .action(async (uid: string, { passwordStdin }: { passwordStdin?: boolean }) => {
      await withServices(readConfig(), async (services) => {
        const { id } = await find(services, uid);
        const password = CreateUser.shape.password.safeParse(await askPassword({ fromStdin: passwordStdin }));
        if (!password.success)
          throw new UsageError(password.error.issues.map(({ message }) => message).join('\n'));
        await services.userService.setPassword(id, password.data, here);
      });
      print(`${uid} has another password, and has to sign in anew.`);
    });

  user
    .command('set-role')
    .description('make a user an admin, or an admin a user')
    .argument('<uid>', 'user id')
    .argument('<role>', Role.options.join(' or '))
    .action(async (uid: string, given: string) => {
      const role = Role.safeParse(given);
      if (!role.success) throw new UsageError(role.error.issues[0]?.message);
      await withServices(readConfig(), async (services) => {
        const { id } = await find(services, uid);
        await services.userService.update(id, { role: role.data }, operator, here);
      });
      print(`${uid} is ${role.data === 'admin' ? 'an admin' : 'a user'}.`);
    });

  user
    .command('list')
    .description('list users by id')
    .option('--json', 'one JSON object a line')
    .action((options: { json?: boolean }) =>
      withServices(readConfig(), async ({ users }) => {
        for (let after = 0; ; ) {
          const page = await users.list({ limit: 500, after });
          for (const each of page)
            print(options.json ? JSON.stringify(each) : [each.id, each.uid, each.role, each.name].join('\t'));
          const last = page.at(-1);
          if (!last) return;
          after = last.id;
        }
      }),
    );
}

function addSessions(sessions: Command, { readConfig, print }: Terminal): void {
  sessions
    .command('end')
    .description('end all sessions of a user')
    .requiredOption('--user <uid>', 'user id')
    .action(async ({ user }: { user: string }) => {
      await withServices(readConfig(), async (services) => {
        const { id } = await find(services, user);
        await services.sessionService.endAll(id, operator.user_id, here);
      });
      print(`${user} has no session any more.`);
    });
}

function addKeys(keys: Command, { print, note }: Terminal): void {
  keys
    .command('generate')
    .description('make a key to sign tokens with')
    .addOption(new Option('--alg <algorithm>').choices(Algorithm.options).default('HS256'))
    .option('--out <file>', 'write it there, for the owner alone; never overwritten')
    .action(({ alg, out }: { alg: Algorithm; out?: string }) => {
      const key = generateKey(alg);
      if (out === undefined) return print(key.trimEnd());
      writeKey(out, key);
      note(`The key is in ${out}. The API signs with it under ${variablesFor(alg, out)}`);
    });
}

async function find({ users }: Services, uid: string): Promise<{ id: number }> {
  const user = await users.findCredentials(uid);
  if (!user) throw new AppError('not_found', `There is no user ${uid}`);
  return user;
}
