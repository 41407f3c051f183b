import { type Cause, sources } from './cause.ts';

/** F: nothing is wrong, and people ask about it all the same. */
export const noFault = {
  'httponly-invisible': {
    code: 'F1',
    says: 'No fault: the cookie is sent, although document.cookie does not show it.',
    seen: 'document.cookie is empty.',
    why: 'HttpOnly hides a cookie from script. The browser sends it all the same.',
    toBeSure: 'The exchange log lists the cookie with the call.',
    fix: [],
    references: [sources.setCookie],
  },
  'postman-works': {
    code: 'F2',
    says: 'No fault: curl and Postman succeed because only browsers enforce CORS.',
    seen: 'A tool succeeds, and the browser does not.',
    why: 'CORS protects people who browse, so nothing else asks for it.',
    toBeSure: 'Send the header Origin from Postman, and look for Access-Control-Allow-Origin in the answer.',
    fix: [],
    references: [sources.corsProtocol],
  },
  'preflight-unseen': {
    code: 'F3',
    says: 'No fault: the preflight is there, although the network list does not show it.',
    seen: 'OPTIONS is not in the list.',
    why: 'The list is filtered, the browser remembers an earlier preflight, or it hides them.',
    toBeSure: 'The exchange log shows every preflight that arrives, also those that the browser hides.',
    fix: [],
    references: [sources.preflight],
  },
  'options-not-mine': {
    code: 'F4',
    says: 'No fault: the browser sends OPTIONS by itself, to ask for permission.',
    seen: 'Two requests where script made one.',
    why: 'A method, a header or a type outside the simple ones needs it; so does an upload listener.',
    toBeSure: 'The exchange log says for each preflight why the browser sent it.',
    fix: [],
    references: [sources.preflight],
  },
  'cors-extension': {
    code: 'F5',
    says: 'It works in this browser only: an extension writes the permission that the API does not send.',
    seen: 'It works on this machine only.',
    why: 'The API itself allows nothing, as a program outside of the browser sees.',
    toBeSure: 'Open the page in a private window, where extensions are off: the call fails there.',
    fix: [{ for: 'browser', do: 'Switch the extension off, and fix the API.' }],
    references: [sources.corsProtocol],
  },
  '401-at-start': {
    code: 'F6',
    says: 'No fault: at the start the page asks who is signed in, and 401 means nobody.',
    seen: 'A red 401 at the first load.',
    why: 'Script cannot see the cookie, so it asks the API.',
    toBeSure: 'Sign in and reload: the same call is answered with 200.',
    fix: [],
    references: [sources.bearerErrors],
  },
} as const satisfies Record<string, Cause>;
