import {
  type Endpoint,
  endpoints,
  type ProblemCode,
  pathOf,
  problemCodes,
  problemCodesOf,
  problems,
} from '@signet/contracts';
import { type Html, html, join, render } from './html.ts';
import type { ViewerFile } from './viewer-files.ts';

/**
 * A reference of all endpoints and problems. It is complete without script; with script, the viewer takes the
 * place of the tables of endpoints, and can send requests. Everything that it loads is from this API.
 */
export function docsPage(): string {
  const tags = new Set(Object.values<Endpoint>(endpoints).map(({ tag }) => tag));
  return page(
    'Signet API',
    html`<p>Sign in below with <code>POST /token</code> (bearer) or <code>POST /api/users/authenticate</code>
      (cookie), and what you try after it is signed in. For machines: <a href="/openapi.json">OpenAPI 3.1</a>.</p>
      <div id="viewer"></div>
      <div id="endpoints">${[...tags].map((tag) => html`<h2>${tag}</h2>${endpointsOf(tag)}`)}</div>
      <h2>Problems</h2>
      <table><tr><th>Status</th><th>Code</th><th>Meaning</th></tr>${problemCodes.map(problemRow)}</table>`,
    html`<link rel="icon" href="data:,"><link rel="stylesheet" href="${fileOf('viewer.css')}">
<script src="${fileOf('viewer.js')}" defer></script><script src="${fileOf('start.js')}" defer></script>`,
  );
}

/** What a problem means and how to fix it. The `type` of an error answer leads here. */
export function problemPage(code: ProblemCode): string {
  const { status, title, meaning, hint } = problems[code];
  const from = Object.values<Endpoint>(endpoints)
    .filter((endpoint) => problemCodesOf(endpoint).includes(code))
    .map(({ method, path }) => html`<li><code>${method} ${path}</code></li>`);
  return page(
    `${status} ${code}`,
    html`<p>${title}</p><h2>What it means</h2><p>${meaning}</p><h2>How to fix it</h2><p>${hint}</p>
      ${from.length > 0 ? html`<h2>Endpoints that answer it</h2><ul>${from}</ul>` : ''}
      <p><a href="/docs">All endpoints</a></p>`,
  );
}

function problemRow(code: ProblemCode): Html {
  const { status, meaning } = problems[code];
  const link = linkTo(code, html`<code>${code}</code>`);
  return html`<tr><td>${status}</td><td>${link}</td><td>${meaning}</td></tr>`;
}

function endpointsOf(tag: string): Html {
  const rows = Object.values<Endpoint>(endpoints)
    .filter((endpoint) => endpoint.tag === tag)
    .map((endpoint) => {
      const { method, path, summary, access, status } = endpoint;
      const codes = problemCodesOf(endpoint).map((code) => linkTo(code, code));
      return html`<tr><td><code>${method} ${path}</code></td><td>${summary}</td><td>${access}</td>
        <td>${status}</td><td>${join(codes, ', ')}</td></tr>`;
    });
  return html`<table><tr><th>Endpoint</th><th>Does</th><th>Access</th><th>Status</th><th>Problems</th></tr>
    ${rows}</table>`;
}

function linkTo(code: ProblemCode, content: Html | string): Html {
  return html`<a href="${pathOf(endpoints.readProblem, { code })}">${content}</a>`;
}

function fileOf(file: ViewerFile): string {
  return pathOf(endpoints.readDocsFile, { file });
}

function page(title: string, body: Html, head: Html = html``): string {
  return render(html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${title}</title><style>
:root{color-scheme:light dark;font:16px/1.6 system-ui,sans-serif}
body{max-width:64rem;margin:0 auto;padding:2rem 1rem;overflow-wrap:anywhere}
table:not(#viewer *){border-collapse:collapse;width:100%;display:block;overflow-x:auto}
:is(th,td):not(#viewer *){text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid #8884;min-width:5rem}
code:not(#viewer *){font-family:ui-monospace,monospace;font-size:.9em}h1{line-height:1.2}
#viewer{font-size:14px;overflow-wrap:normal}
#viewer .response-col_links{display:none}
</style>${head}</head><body><main><h1>${title}</h1>${body}</main></body></html>`);
}
