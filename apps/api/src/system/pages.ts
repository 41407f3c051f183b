import {
  type Endpoint,
  endpoints,
  type ProblemCode,
  pathOf,
  problemCodes,
  problemCodesOf,
  problems,
} from '@signet/contracts';

/** A reference of all endpoints that loads nothing from anywhere. */
export function docsPage(): string {
  const tags = new Set(Object.values<Endpoint>(endpoints).map(({ tag }) => tag));
  const sections = [...tags].map((tag) => `<h2>${tag}</h2>${endpointsOf(tag)}`).join('');
  const rows = problemCodes.map(
    (code) =>
      `<tr><td>${problems[code].status}</td><td>${linkTo(code, `<code>${code}</code>`)}</td><td>${escapeHtml(problems[code].meaning)}</td></tr>`,
  );
  return page(
    'Signet API',
    `<p>Two flows: a bearer token in the <code>Authorization</code> header, from <code>POST /token</code>; or an HttpOnly cookie, from
     <code>POST /api/users/authenticate</code>. For machines: <a href="/openapi.json">OpenAPI 3.1</a>.</p>
     ${sections}<h2>Problems</h2><table><tr><th>Status</th><th>Code</th><th>Meaning</th></tr>${rows.join('')}</table>`,
  );
}

/** What a problem means and how to mend it: where the `type` of an error answer leads. */
export function problemPage(code: ProblemCode): string {
  const { status, title, meaning, hint } = problems[code];
  const from = Object.values<Endpoint>(endpoints)
    .filter((endpoint) => problemCodesOf(endpoint).includes(code))
    .map(({ method, path }) => `<li><code>${method} ${path}</code></li>`);
  return page(
    `${status} ${code}`,
    `<p>${title}</p><h2>What it means</h2><p>${escapeHtml(meaning)}</p><h2>How to mend it</h2><p>${escapeHtml(hint)}</p>
     ${from.length > 0 ? `<h2>Who answers it</h2><ul>${from.join('')}</ul>` : ''}<p><a href="/docs">All endpoints</a></p>`,
  );
}

function linkTo(code: ProblemCode, html: string): string {
  return `<a href="${pathOf(endpoints.readProblem, { code })}">${html}</a>`;
}

function endpointsOf(tag: string): string {
  const rows = Object.values<Endpoint>(endpoints)
    .filter((endpoint) => endpoint.tag === tag)
    .map((endpoint) => {
      const { method, path, summary, access, status } = endpoint;
      const codes = problemCodesOf(endpoint).map((code) => linkTo(code, code));
      return `<tr><td><code>${method} ${path}</code></td><td>${escapeHtml(summary)}</td><td>${access}</td><td>${status}</td><td>${codes.join(', ')}</td></tr>`;
    });
  return `<table><tr><th>Endpoint</th><th>Does</th><th>Access</th><th>Status</th><th>Problems</th></tr>${rows.join('')}</table>`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>
:root{color-scheme:light dark;font:16px/1.6 system-ui,sans-serif}body{max-width:64rem;margin:0 auto;padding:2rem 1rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid #8884;min-width:5rem}
code{font-family:ui-monospace,monospace;font-size:.9em}h1{line-height:1.2}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
