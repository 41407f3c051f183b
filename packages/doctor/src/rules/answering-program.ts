import {
  type Answered,
  answered,
  headerOf,
  isHtml,
  isSignet,
  isSuccess,
  nameOf,
  problemCodeOf,
} from '../answers.ts';
import { bare } from '../bare.ts';
import type { Answer, ProbeFacts } from '../facts.ts';
import type { Observation } from '../finding.ts';

/** What answers in the place of the API, or before it: a proxy without it, the server of the page, another program. */
export function observeAnswers(probe: ProbeFacts, url: URL): Observation[] {
  const answers = answered(probe.reads);
  // Signet answers /healthz under every name, because probes of orchestrators have none.
  const named = answers.filter(({ path }) => path !== '/healthz');
  const every = (status: number) => named.every(({ outcome }) => outcome.status === status);
  const saw = (text: string) => [{ witness: 'probe', saw: text }] as const;
  if (every(431))
    return [{ id: 'header-too-long', certainty: 'proved', evidence: saw('Every path answers 431.') }];
  if (every(421))
    return [
      {
        id: 'host-unknown',
        certainty: 'proved',
        says: `The API does not answer under the name ${url.hostname}.`,
        evidence: saw(`Every path of ${url.origin} answers 421.`),
        fix: [
          { for: 'signet', do: 'Add the name.', line: `ALLOWED_HOSTS=${bare(url.hostname)}` },
          {
            for: 'nginx',
            do: 'Or pass the name on that the browser asked for, if a proxy changes it.',
            line: 'proxy_set_header Host $http_host;',
          },
        ],
      },
    ];
  if (
    answers.length > 0 &&
    answers.every(({ outcome }) => [502, 503, 504].includes(outcome.status) && !isReady(outcome.body))
  )
    return [
      {
        id: 'api-not-running',
        certainty: 'likely',
        says: `A proxy answers at ${url.host}, and the API behind it does not.`,
        evidence: [{ witness: 'probe', saw: `Every path answers ${answers[0]?.outcome.status}.` }],
      },
    ];
  if (isSignet(probe)) return ofForeignAnswer(answers);
  // Servers of single-page apps answer 404 for files that they do not have.
  const paths = answers.filter(({ path }) => !/\.\w+$/.test(path));
  if (paths.length >= 3 && paths.every(({ outcome }) => isPage(outcome)))
    return [
      {
        id: 'page-server-answers',
        certainty: 'proved',
        evidence: [{ witness: 'probe', saw: `Every path of ${url.origin} answers a page with status 200.` }],
      },
    ];
  const product = productOf(probe);
  if (product === undefined) return [];
  return [
    {
      id: 'other-program',
      certainty: 'proved',
      says: `${product} answers on port ${url.port}, not the API.`,
      evidence: [{ witness: 'probe', saw: `The headers of ${url.origin} name ${product}.` }],
    },
  ];
}

const isPage = (answer: Answer): boolean => isHtml(answer) && isSuccess(answer);

/** Paths that every Signet has, and answers with JSON of its own. */
const ownPaths = ['/protected', '/api/users', '/api/posts', '/api/players'];

/** N3, N4: a proxy passes only some of the paths on to Signet, and something else answers the others. */
function ofForeignAnswer(answers: readonly Answered[]): Observation[] {
  const own = answers.filter(({ path }) => ownPaths.includes(path));
  const foreign =
    own.find(({ outcome }) => isPage(outcome)) ??
    own.find(({ outcome }) => outcome.status === 404 && problemCodeOf(outcome) === undefined);
  const ours = answers.find(({ outcome }) => problemCodeOf(outcome) !== undefined);
  if (!ours) return [];
  if (!foreign) return ofChangedPath(own);
  const answersPage = isPage(foreign.outcome);
  return [
    {
      id: answersPage ? 'page-server-answers' : 'other-program',
      certainty: 'proved',
      says: answersPage
        ? `The server of the page answers ${foreign.path}, and Signet answers ${ours.path} only.`
        : `Another program answers ${foreign.path}, and Signet answers ${ours.path} only.`,
      evidence: [
        {
          witness: 'probe',
          saw: `${nameOf(foreign)} is answered with ${answersPage ? 'a page' : 'a 404 that is not Signet’s'}.`,
        },
        { witness: 'probe', saw: `${nameOf(ours)} is answered by Signet.` },
      ],
      fix: [
        {
          for: 'nginx',
          do: 'Pass the path on to the API, too.',
          line: `location ${foreign.path} { proxy_pass http://127.0.0.1:8086; }`,
        },
      ],
    },
  ];
}

/** N3: Signet says of its own paths that it has none of them, so other paths arrive. */
function ofChangedPath(own: readonly Answered[]): Observation[] {
  const unknown = own.find(({ outcome }) => problemCodeOf(outcome) === 'not_found');
  if (!unknown) return [];
  const [, folder = ''] = unknown.path.split('/');
  return [
    {
      id: 'other-program',
      certainty: 'proved',
      says: `Something before the API changes the path: Signet has ${unknown.path}, and answers 404.`,
      evidence: [{ witness: 'probe', saw: `${nameOf(unknown)} is answered with Signet’s own not_found.` }],
      fix: [
        {
          for: 'nginx',
          do: 'Name the API without a slash at the end, because nginx takes the path of the location out for it.',
          line: `location /${folder}/ { proxy_pass http://127.0.0.1:8086; }`,
        },
        { for: 'fetch', do: 'In a proxy of vite or webpack, remove the rewrite of the path.' },
      ],
    },
  ];
}

/** Signet's own 503 is an answer of the API; a proxy's is not. */
function isReady(body: string): boolean {
  return body.includes('"not_ready"') && body.includes('database');
}

/** Headers by which programs name themselves that often have a port that an API wants. */
const products: readonly (readonly [header: string, pattern: RegExp, product: string])[] = [
  ['x-influxdb-version', /./, 'InfluxDB'],
  ['x-influxdb-build', /./, 'InfluxDB'],
  ['server', /^airtunes/i, 'AirPlay'],
  ['x-jenkins', /./, 'Jenkins'],
  ['server', /^couchdb/i, 'CouchDB'],
  ['x-elastic-product', /./, 'Elasticsearch'],
  ['x-minio-deployment-id', /./, 'MinIO'],
  ['x-grafana-org-id', /./, 'Grafana'],
  ['server', /^simplehttp/i, 'Python’s http.server'],
];

/** Which program answered, where its headers name one that is known. */
function productOf(probe: ProbeFacts): string | undefined {
  for (const { outcome } of answered(probe.reads)) {
    for (const [header, pattern, product] of products)
      if (pattern.test(headerOf(outcome, header) ?? '')) return product;
    for (const [name] of outcome.headers) {
      const [, product] = /^x-([a-z0-9]+)-version$/i.exec(name) ?? [];
      if (product !== undefined && !frameworks.test(product)) return product;
    }
  }
  return undefined;
}

/** What stands in such a header without being a program of its own. */
const frameworks = /^(aspnet|aspnetmvc|api|app|runtime|server|service|build|git|release)$/i;
