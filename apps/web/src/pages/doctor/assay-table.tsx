import type { AssayCookie, CookieAssay } from '@signet/contracts';
import { Panel } from '../../ui/panel.tsx';

/** What each cookie is, and why browsers refuse it where they must. */
const cookies: Record<AssayCookie, { readonly has: string; readonly refused?: string }> = {
  lax: { has: 'SameSite=Lax' },
  strict: { has: 'SameSite=Strict' },
  unspecified: { has: 'no SameSite' },
  'none-secure': { has: 'SameSite=None; Secure' },
  none: { has: 'SameSite=None', refused: 'None needs Secure' },
  'lax-secure': { has: 'SameSite=Lax; Secure' },
  'host-prefix': { has: '__Host- with Secure' },
  'host-prefix-insecure': { has: '__Host- without Secure', refused: 'the prefix needs Secure' },
  'deep-path': { has: 'Path=/api/doctor/deep', refused: 'it goes to another path' },
  partitioned: { has: 'SameSite=None; Secure; Partitioned' },
  domain: { has: 'Domain=(host of the API)' },
  'too-long': { has: '4097 bytes', refused: '4096 bytes are the most' },
  expires: { has: 'Expires in 60 s' },
  'max-age': { has: 'Max-Age=60' },
  own: { has: 'as the sign-in sets them' },
  'own-token': { has: 'with the name of the access cookie' },
  'own-refresh': { has: 'with the name of the refresh cookie' },
};

/** Which cookies this browser kept and sent back, one attribute at a time. */
export function AssayTable({
  assay: { set, came },
  without,
}: {
  assay: CookieAssay;
  without: number | undefined;
}) {
  return (
    <Panel
      title="Cookies that were tried"
      description={`${came.length} of ${set.length} came back. ${
        without === undefined ? '' : `In a call without credentials: ${without}.`
      }`}
    >
      <details>
        <summary className="cursor-pointer font-medium">Show each</summary>
        <ul className="mt-3 grid gap-2">
          {set.map((kind) => (
            <li key={kind} className="grid gap-x-4 sm:grid-cols-[20rem_1fr]">
              <code className="font-mono text-[0.8125rem] [overflow-wrap:anywhere]">{cookies[kind].has}</code>
              <span className={isAsExpected(kind, came) ? 'text-muted' : 'text-danger'}>
                {describe(kind, came)}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </Panel>
  );
}

function isAsExpected(kind: AssayCookie, came: readonly AssayCookie[]): boolean {
  return came.includes(kind) === (cookies[kind].refused === undefined);
}

function describe(kind: AssayCookie, came: readonly AssayCookie[]): string {
  const { refused } = cookies[kind];
  if (came.includes(kind)) return refused === undefined ? 'came back' : `came back, although ${refused}`;
  return refused === undefined ? 'did not come back' : `stayed away, as it must: ${refused}`;
}
