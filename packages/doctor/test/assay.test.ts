import type { AssayCookie, CookieAssay } from '@signet/contracts';
import { expect, test } from 'vitest';
import { diagnose, type PageFacts, type Target } from '../src/index.ts';

const local: Target = { api: 'http://localhost:8086', origin: 'http://localhost:4100', site: 'same-site' };
const twoNames: Target = { ...local, origin: 'http://127.0.0.1:4100', site: 'cross-site' };
const twoSites: Target = { api: 'https://api.example.com', origin: 'https://app.test', site: 'cross-site' };
const onLan: Target = { api: 'http://api.test:8086', origin: 'http://app.api.test:4100', site: 'same-site' };

/** What a browser keeps of a same-site API over http on loopback. */
const kept: readonly AssayCookie[] = [
  ...(['lax', 'strict', 'unspecified', 'none-secure', 'lax-secure', 'host-prefix'] as const),
  ...(['partitioned', 'domain', 'expires', 'max-age', 'own', 'own-token', 'own-refresh'] as const),
];
const set: readonly AssayCookie[] = [...kept, 'none', 'host-prefix-insecure', 'deep-path', 'too-long'];

const lax = { token_name: 'jwt', refresh_name: 'jwt_refresh', same_site: 'lax', secure: false } as const;
const none = { ...lax, same_site: 'none', secure: true } as const;

function assay(came: readonly AssayCookie[], more: Partial<CookieAssay> = {}): PageFacts {
  return { assay: { set: [...set], came: [...came], site: 'same-site', own: lax, tokens: 0, ...more } };
}

const without = (...gone: readonly AssayCookie[]) => kept.filter((each) => !gone.includes(each));
const crossSite = { site: 'cross-site' } as const;

test.each<[string, Target, PageFacts, string[]]>([
  ['all that may come', local, assay(kept), []],
  ['one access cookie', local, assay(kept, { tokens: 1 }), []],
  ['two access cookies', local, assay(kept, { tokens: 2 }), ['two-of-one-name']],
  ['all but the name of the access cookie', local, assay(without('own-token')), ['secure-in-the-way']],
  ['all but the name of the refresh cookie', local, assay(without('own-refresh')), ['secure-in-the-way']],
  [
    'only those for other sites, between two names of this machine',
    twoNames,
    assay(['none-secure', 'partitioned'], crossSite),
    ['loopback-names-cookie'],
  ],
  [
    'only those for other sites, between two hosts',
    { ...twoSites, api: 'http://api.test', origin: 'http://app.example' },
    assay(['none-secure', 'partitioned'], crossSite),
    ['cross-site'],
  ],
  [
    'only those for other sites, between two schemes',
    { ...twoSites, api: 'https://app.test:8086', origin: 'http://app.test' },
    assay(['none-secure', 'partitioned'], crossSite),
    ['scheme-differs'],
  ],
  [
    'none at all, between two names of this machine',
    twoNames,
    assay([], crossSite),
    ['loopback-names-cookie'],
  ],
  [
    'those for other sites, where the API sets such cookies',
    twoSites,
    assay(['none-secure', 'partitioned', 'own', 'own-token', 'own-refresh'], { ...crossSite, own: none }),
    [],
  ],
  [
    'only Partitioned ones, where the API sets cookies for other sites',
    twoSites,
    assay(['partitioned'], { ...crossSite, own: none }),
    ['third-party-blocked'],
  ],
  [
    'none at all, where the API sets cookies for other sites',
    twoSites,
    assay([], { ...crossSite, own: none }),
    ['third-party-blocked'],
  ],
  [
    'no Secure one, where the API sets Secure cookies over http',
    onLan,
    assay(['lax', 'strict', 'unspecified', 'max-age'], { own: { ...lax, secure: true } }),
    ['secure-over-http'],
  ],
  [
    'no Secure one on loopback, where the API sets Secure cookies',
    local,
    assay(['lax', 'strict', 'unspecified', 'max-age'], { own: { ...lax, secure: true } }),
    ['secure-on-http-loopback'],
  ],
  [
    'no Secure one, where the API sets none',
    onLan,
    assay(without('none-secure', 'lax-secure', 'host-prefix', 'partitioned')),
    [],
  ],
  ['none at all on one site', local, { ...assay([]), keepsOwnCookies: true }, ['set-cookie-lost']],
  [
    'none at all, and not one of the page either',
    local,
    { ...assay([]), keepsOwnCookies: false },
    ['cookies-off'],
  ],
])(
  'Of the cookies that were tried %s come back: the doctor names that cause, or none.',
  (_came, target, page, ids) => {
    expect(diagnose({ target, page }).findings.map(({ id }) => id)).toEqual(ids);
  },
);

test('A cookie that has expired by the clock of this computer is a notice, because Max-Age wins.', () => {
  const { findings, notices } = diagnose({ target: local, page: assay(without('expires')) });
  expect([findings, notices.map(({ id }) => id)]).toEqual([[], ['born-expired']]);
});

test('What page and probe see of one cause is one finding with the evidence of both.', () => {
  const line = 'jwt=x; Path=/; HttpOnly; SameSite=Lax';
  const signIn = {
    url: `${twoNames.api}/api/users/authenticate`,
    method: 'POST',
    path: '/api/users/authenticate',
    outcome: { status: 200, headers: [['Set-Cookie', line]] as const, body: '', at: 0 },
  };
  const reads = [
    {
      ...signIn,
      method: 'GET',
      path: '/',
      outcome: {
        ...signIn.outcome,
        headers: [
          ['Access-Control-Allow-Origin', twoNames.origin],
          ['Access-Control-Allow-Credentials', 'true'],
          ['Vary', 'Origin'],
        ] as const,
      },
    },
  ];
  const empty = {
    addresses: [],
    preflights: [],
    otherOrigins: [],
    grantedOrigins: [],
    guarded: [],
    signetElsewhere: [],
  };
  const page = assay(['none-secure'], crossSite);
  const { findings } = diagnose({ target: twoNames, probe: { ...empty, reads, signIn }, page });
  expect(
    findings.map(({ id, evidence }) => [id, [...new Set(evidence.map(({ witness }) => witness))]]),
  ).toEqual([['loopback-names-cookie', ['probe', 'page']]]);
});

test('The check of cookies does not say that they work where none like those of a sign-in came back.', () => {
  const cookies = (page: PageFacts) =>
    diagnose({ target: local, page }).checked.find(({ check }) => check === 'cookies')?.result;
  expect(cookies(assay(kept))).toBe('right');
  expect(cookies(assay(without('own', 'own-token', 'own-refresh')))).toBe('unknown');
});
