/** What is mutated together, and the tests that may notice it, both from the root of the repository. */
export type Target = {
  readonly mutate: readonly string[];
  readonly workspace: 'apps/api' | 'packages/contracts';
  readonly tests: readonly string[];
};

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
      'test/{limit-counts,limits,quotas,sign-in,sessions,expired-rows,audit}.test.ts',
      'test/once/caller-address.test.ts',
    ],
  },
  'auth-passwords': {
    // Not what runs in the threads of the pool: a mutant is switched on in the thread of the tests alone.
    mutate: [
      'apps/api/src/auth/{derivation,hash-places,keyboard-runs,name-policy,password-formats}.ts',
      'apps/api/src/auth/{password-methods,password-policy,passwords}.ts',
    ],
    workspace: 'apps/api',
    tests: [
      'test/once/{derivation,hash-places,keyboard-runs,name-policy,password-formats}.test.ts',
      'test/once/{password-methods,password-policy,passwords}.test.ts',
      'test/{look-alikes,password-unicode}.test.ts',
    ],
  },
  'auth-tokens': {
    mutate: [
      'apps/api/src/auth/{authenticate,cookies,device-tokens,keys,operator,refresh-tokens}.ts',
      'apps/api/src/auth/{secret-file,secret-form,secret-strength,tokens,uid-digest}.ts',
    ],
    workspace: 'apps/api',
    tests: [
      'test/once/{config,cookies,device-tokens,keys,refresh-tokens,refusal-rules}.test.ts',
      'test/once/{secret-file,secrets,token-cache}.test.ts',
      'test/{access,carriers,keys,tokens}.test.ts',
    ],
  },
  'sessions-memory': {
    mutate: ['apps/api/src/sessions/{held-principals,principal-memory}.ts'],
    workspace: 'apps/api',
    tests: ['test/once/{held-principals,principal-memory}.test.ts'],
  },
  sessions: {
    mutate: ['apps/api/src/sessions/*.ts', '!apps/api/src/sessions/{held-principals,principal-memory}.ts'],
    workspace: 'apps/api',
    tests: [
      'test/{audit,authority,carriers,demo-users,exchanges,expired-rows,limits,principal-changes}.test.ts',
      'test/{principal-store,quotas,session-ends,session-memory,sessions,sign-in}.test.ts',
      'test/{sign-in-statements,user-lists,users}.test.ts',
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
      'test/once/{body,byte-budget,client-error,drain,framing,json,messages,multipart}.test.ts',
      'test/once/stalled.test.ts',
      'test/{bodies,images}.test.ts',
    ],
  },
  'http-lists': {
    mutate: ['apps/api/src/http/{csv,events,page,query,reply}.ts'],
    workspace: 'apps/api',
    tests: ['test/once/{events,page,query,reply}.test.ts', 'test/{audit-lists,images,user-lists}.test.ts'],
  },
  'http-frame': {
    mutate: [
      'apps/api/src/http/{admit,call,error-handler,head,in-flight,in-turn,listen,mount,observe,refusal-of}.ts',
      'apps/api/src/http/{remember,request-durations,request-log,request-metrics}.ts',
    ],
    workspace: 'apps/api',
    tests: [
      'test/once/{client-error,error-handler,errors,events,head,in-flight,in-turn,listen,log}.test.ts',
      'test/once/{mount,observe,refusal-of,refusal-rules,remember,reply,request-durations}.test.ts',
      'test/once/request-metrics.test.ts',
      'test/{access,carriers,cors,exchanges,in-flight,metrics}.test.ts',
    ],
  },
};
