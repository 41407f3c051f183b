import type { Carrier } from '@signet/contracts';

/** What Signet is, in one sentence. */
export const purpose =
  'Signet shows how a browser app signs in with a JSON Web Token, and why it fails when it fails.';

/** Which flow to take, in one sentence. */
export const advice = 'Not sure? For a browser app on the same site as its API, take the cookie.';

type FlowText = {
  title: string;
  summary: string;
  pro: string;
  con: string;
  /** The requests and answers of the flow, in order. */
  steps: readonly { who: 'page' | 'api' | 'browser'; label: string; lines: readonly string[] }[];
};

export const flowTexts: Record<Carrier, FlowText> = {
  bearer: {
    title: 'Bearer token',
    summary: 'Stored in localStorage. Your code sends it in the Authorization header.',
    pro: 'Works between any two sites. Other sites cannot trigger it (no CSRF).',
    con: 'Any script on the page, an injected one too, can read and steal it (XSS).',
    steps: [
      { who: 'page', label: 'The page sends your password', lines: ['POST /token'] },
      { who: 'api', label: 'The API answers with the token', lines: ['200 { "token": "@" }'] },
      { who: 'page', label: 'Your code stores the token', lines: ["localStorage['jwt-token']"] },
      {
        who: 'page',
        label: 'Your code adds it to each request',
        lines: ['GET /protected', 'Authorization: Bearer @'],
      },
    ],
  },
  cookie: {
    title: 'HttpOnly cookie',
    summary: 'Stored by the browser and sent automatically. JavaScript cannot read it.',
    pro: 'Injected scripts cannot read or steal it.',
    con: 'The browser attaches it to every request, so the API must check where a request comes from (CSRF).',
    steps: [
      { who: 'page', label: 'The page sends your password', lines: ['POST /api/users/authenticate'] },
      {
        who: 'api',
        label: 'The API answers with a cookie',
        lines: ['200 Set-Cookie: jwt=@', 'HttpOnly; SameSite=Lax'],
      },
      { who: 'browser', label: 'The browser stores the cookie', lines: ['document.cookie → ""'] },
      {
        who: 'browser',
        label: 'The browser adds it to each request',
        lines: ['GET /protected', 'Cookie: jwt=@'],
      },
    ],
  },
};
