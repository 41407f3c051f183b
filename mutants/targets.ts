/** What is mutated together, and the tests that may notice it, both from the root of the repository. */
export type Target = {
  readonly mutate: readonly string[];
  readonly workspace: 'apps/api' | 'packages/contracts';
  readonly tests: readonly string[];
};

const signedIn = 'test/{access,carriers,keys,sessions,sign-in,tokens}.test.ts';

export const targets: Readonly<Record<string, Target>> = {
  policy: {
    mutate: ['packages/contracts/src/policy/*.ts'],
    workspace: 'packages/contracts',
    tests: ['test/*.test.ts'],
  },
  contracts: {
    mutate: [
      'packages/contracts/src/{client,client-errors,endpoint,event-stream,openapi,openapi-answers}.ts',
      'packages/contracts/src/{openapi-schemas,paths}.ts',
      'packages/contracts/src/schemas/*.ts',
    ],
    workspace: 'packages/contracts',
    tests: ['test/*.test.ts'],
  },
  limits: {
    mutate: ['apps/api/src/limits/*.ts'],
    workspace: 'apps/api',
    tests: [
      'test/{limits,quotas,sign-in,sessions,expired-rows,audit}.test.ts',
      'test/once/caller-address.test.ts',
    ],
  },
  auth: {
    mutate: [
      'apps/api/src/auth/*.ts',
      // A mutant is switched on in the thread of the tests, and this is another one.
      '!apps/api/src/auth/hash-worker.ts',
      '!apps/api/src/auth/common-passwords.ts',
    ],
    workspace: 'apps/api',
    tests: [
      'test/once/{passwords,password-policy,token-cache,refusal-rules,config,cookies}.test.ts',
      'test/once/{device-tokens,keyboard-runs,name-policy,refresh-tokens,secret-file,secrets}.test.ts',
      'test/{look-alikes,password-unicode,limits,demo-users}.test.ts',
      signedIn,
    ],
  },
  sessions: {
    mutate: ['apps/api/src/sessions/*.ts'],
    workspace: 'apps/api',
    tests: [
      'test/once/{principal-memory,held-principals}.test.ts',
      'test/{session-memory,principal-changes,expired-rows,authority,quotas,limits,demo-users}.test.ts',
      'test/{user-agent,audit,sign-in-statements}.test.ts',
      signedIn,
    ],
  },
  'http-origins': {
    mutate: [
      'apps/api/src/http/{cors,forwarded-address,host-check,origin-guard,raw-headers,request-source}.ts',
      'apps/api/src/http/{require-admin,security-headers,target,url}.ts',
    ],
    workspace: 'apps/api',
    tests: [
      'test/once/{caller-address,forwarded-address,origin-guard,raw-headers,request-source}.test.ts',
      'test/once/{require-admin,target,url}.test.ts',
      'test/{access,cors,hosts,origin-guard,security-headers,user-agent}.test.ts',
    ],
  },
  'http-bodies': {
    mutate: [
      'apps/api/src/http/{body,byte-budget,client-error,drain,framing,json,messages,multipart,stalled}.ts',
    ],
    workspace: 'apps/api',
    tests: [
      'test/once/{byte-budget,client-error,errors,messages,stalled}.test.ts',
      'test/{bodies,images,posts}.test.ts',
    ],
  },
  'http-lists': {
    mutate: ['apps/api/src/http/{csv,events,page,query,reply}.ts'],
    workspace: 'apps/api',
    tests: ['test/once/events.test.ts', 'test/{audit-lists,exchanges,sessions,user-lists}.test.ts'],
  },
  'http-frame': {
    mutate: [
      'apps/api/src/http/{admit,call,error-handler,head,in-flight,in-turn,listen,mount,observe,refusal-of}.ts',
      'apps/api/src/http/{remember,request-durations,request-log,request-metrics}.ts',
    ],
    workspace: 'apps/api',
    tests: [
      'test/once/{errors,head,in-turn,log,mount,observe,refusal-rules,remember}.test.ts',
      'test/once/request-durations.test.ts',
      'test/{access,carriers,cors,exchanges,metrics}.test.ts',
    ],
  },
};
