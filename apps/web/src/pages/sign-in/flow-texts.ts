import type { Carrier } from '@signet/contracts';

type FlowText = {
  title: string;
  summary: string;
  pro: string;
  con: string;
  /** The exchange on the wire, in the order in which it happens. */
  steps: readonly { who: 'page' | 'api' | 'browser'; label: string; lines: readonly string[] }[];
};

export const flowTexts: Record<Carrier, FlowText> = {
  bearer: {
    title: 'Bearer token',
    summary: 'Kept in localStorage, sent by your code in Authorization.',
    pro: 'Works across any two sites, and no other site can make the browser send it.',
    con: 'Any script that gets into the page can read it and take it away.',
    steps: [
      { who: 'page', label: 'The page asks', lines: ['POST /token'] },
      { who: 'api', label: 'The API answers with the token', lines: ['200 { "token": "@" }'] },
      { who: 'page', label: 'Your code keeps it', lines: ["localStorage['jwt-token']"] },
      { who: 'page', label: 'Your code sends it', lines: ['GET /protected', 'Authorization: Bearer @'] },
    ],
  },
  cookie: {
    title: 'HttpOnly cookie',
    summary: 'Kept by the browser, sent by itself, invisible to script.',
    pro: 'No script can read it, so none can carry it off.',
    con: 'The browser sends it unasked, so the API must check who is asking.',
    steps: [
      { who: 'page', label: 'The page asks', lines: ['POST /api/users/authenticate'] },
      {
        who: 'api',
        label: 'The API answers with a cookie',
        lines: ['200 Set-Cookie: jwt=@', 'HttpOnly; SameSite=Lax'],
      },
      { who: 'browser', label: 'The browser keeps it', lines: ['document.cookie → ""'] },
      { who: 'browser', label: 'The browser sends it', lines: ['GET /protected', 'Cookie: jwt=@'] },
    ],
  },
};
