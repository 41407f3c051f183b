import { Link } from 'react-router';
import { Panel } from '../../ui/panel.tsx';
import { paths } from '../paths.ts';

/** In the cookie flow there is no token to show; this proves that script cannot read it. */
export function HiddenTokenPanel() {
  const proofs = [
    ['document.cookie', resultOf(() => document.cookie)],
    ["localStorage.getItem('jwt-token')", resultOf(() => localStorage.getItem('jwt-token'))],
  ] as const;
  return (
    <Panel
      title="The token"
      description="The browser sends it with every request. This page cannot read it, because its cookie is HttpOnly."
    >
      <div className="grid gap-6">
        <p
          aria-hidden
          className="wire select-none rounded-xl p-4 font-mono text-[0.8125rem] leading-6 [overflow-wrap:anywhere] sm:p-5"
        >
          <Redacted length={88} colour="bg-header" />.<Redacted length={231} colour="bg-payload" />.
          <Redacted length={43} colour="bg-signature" />
        </p>
        <div className="grid gap-6 md:grid-cols-2">
          <div>
            <h3 className="font-semibold text-sm">What JavaScript sees right now</h3>
            <dl className="mt-2 divide-y divide-line rounded-xl border border-line font-mono text-[0.8125rem]">
              {proofs.map(([expression, value]) => (
                <div key={expression} className="grid gap-x-4 px-4 py-2.5 [overflow-wrap:anywhere]">
                  <dt className="text-muted">{expression}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </div>
          <div className="max-w-prose text-muted text-sm">
            <h3 className="mb-2 font-semibold text-ink">Why</h3>
            <p>
              The API set the cookie with <code className="font-mono text-ink">HttpOnly</code> (
              <a
                href="https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.6"
                target="_blank"
                rel="noreferrer"
                className="underline decoration-edge/60 underline-offset-3 hover:text-ink"
              >
                RFC 6265, 4.1.2.6
              </a>
              ), which hides it from every script on the page, yours and an attacker's. To see the token, sign
              in with a bearer token, or open developer tools → Application → Cookies.
            </p>
            <Link
              to={{ pathname: paths.flows, hash: 'readable' }}
              className="mt-2 inline-block text-ink underline underline-offset-4"
            >
              See both flows side by side
            </Link>
          </div>
        </div>
      </div>
    </Panel>
  );
}

/** What the console would show. Where the browser forbids storage, both expressions throw. */
function resultOf(expression: () => unknown): string {
  try {
    return JSON.stringify(expression());
  } catch (error) {
    return String(error);
  }
}

/** A bar as long as the text that it hides. */
function Redacted({ length, colour }: { length: number; colour: string }) {
  return (
    <span className={`rounded-sm box-decoration-clone text-transparent forced-color-adjust-none ${colour}`}>
      {'x'.repeat(length)}
    </span>
  );
}
