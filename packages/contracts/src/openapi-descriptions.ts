import type { EndpointKey, Endpoints } from './endpoints.ts';

/** What the document says of itself, in CommonMark. */
export const introduction = `JSON Web Token (JWT) authentication for a browser app and its API.

There are two flows, and both use the same session on the server:

- **bearer**: \`POST /token\` answers with a token, and your code sends it as \`Authorization: Bearer …\`.
- **cookie**: \`POST /api/users/authenticate\` sets an HttpOnly cookie, and the browser sends it
  (\`credentials: 'include'\` in \`fetch\`).

A token is valid for an hour at most; \`POST /api/sessions/refresh\` renews it. Every request checks that the
session is live, so a sign-out takes effect on the next one.

Errors are \`application/problem+json\` (RFC 9457). \`code\` says which problem it is, \`hint\` how to fix it, and
\`type\` leads to a page about it.`;

/** The tags of the table of endpoints, in the order in which a reader meets them. */
export const tagDescriptions: Readonly<Record<Endpoints[EndpointKey]['tag'], string>> = {
  'Sign-in': 'Sign in by either flow, and see who the token belongs to.',
  Users: 'Create, read, change and delete users. Everybody may change their own user, an admin every user.',
  Sessions:
    'A session is one sign-in on one device. List your sessions, end them, and refresh the current one.',
  Posts: 'Notes with an image. Every signed-in user reads them; the author or an admin changes them.',
  Players: 'A leaderboard. Every signed-in user reads it; an admin changes it.',
  Audit: 'What happened to users, passwords, roles and sessions. Only an admin reads it.',
  Trace: "What the API saw of each request. It exists on one's own machine only.",
  About: 'What the API says about itself: keys, this document, problems, health and metrics.',
};

/**
 * What each operation does beyond its summary: who may call it, what happens beside the answer, and what
 * surprises callers. Kept out of the table of endpoints, because that is in the script of every page.
 */
export const operationDescriptions: Readonly<Record<EndpointKey, string>> = {
  authenticateUser:
    'Checks the user id and the password, begins a session and sets two HttpOnly cookies: one with the token, one with the refresh token. The body of the answer has no token. A session that the presented cookies name is ended.',
  createToken:
    'Checks the user id and the password, begins a session and answers with a token and a refresh token. No cookie carries the token. Send it as `Authorization: Bearer …`.',
  readProtected: 'Needs a token by either carrier. It is the shortest way to see whether a sign-in works.',
  signUp:
    'Creates a user without a sign-in, if the API runs with `SIGNUP=open`. The new user has the role `user`. It begins no session: sign in afterwards.',
  listUsers:
    'Only you and admins see `dob` and `age` of a user. The answer has at most `limit` users; follow its `Link` header for the next page.',
  countUsers: '`more` is true where there are more than 10 000; `count` is then 10 000.',
  createUser:
    'An admin may create users of any role. With `SIGNUP=open` every signed-in user may create users of the role `user`.',
  readMe: 'The user to whom the token belongs.',
  changePassword:
    'Needs the current password. All your sessions end, and a new one begins for the caller: the answer has new tokens in the bearer flow, and new cookies in the cookie flow.',
  readUser: 'Only the user and admins see `dob` and `age`.',
  readUserActivity: '`last_sign_in_at` is null if the audit log has no sign-in of the user any more.',
  updateUser:
    'Members that the body leaves out stay as they are. To change your own `uid`, give `current_password`. Only an admin may change `role`, and the last admin keeps it.',
  replaceUser:
    'Without `dob` the date of birth is deleted. Without `role` the role stays. To change your own `uid`, give `current_password`.',
  setPassword:
    'For an admin who helps a user. To change your own password, use `PUT /api/users/me/password`.',
  deleteUser: "The user's sessions end and their posts are deleted. The last admin cannot be deleted.",
  endUserSessions: 'Every token of the user is refused from the next request on.',
  refreshSession:
    'In the bearer flow give the refresh token in the body. In the cookie flow send no body: the API reads the refresh cookie. Each refresh token works once. If the previous one is sent again within a few seconds (two tabs, a lost answer), it gets the same successor. An older one ends the session, because it may be stolen.',
  listSessions: '`current` is true for the session of this request.',
  endSessions: 'You are signed out everywhere, on this device too.',
  endOtherSessions: 'You stay signed in here and are signed out everywhere else.',
  endCurrentSession:
    'Needs no valid token: the API ends every session that it can identify in the header and in the cookies, and clears the cookies.',
  endSession: 'The id is one of those that `GET /api/sessions` lists.',
  listPosts: 'The answer has at most `limit` posts; follow its `Link` header for the next page.',
  createPost:
    'Send JSON, or a form (`multipart/form-data`) with the image in a part named `image`. An image is PNG, JPEG, GIF or WebP of at most 5 MiB. The API removes the metadata that cameras write into photos.',
  readPost:
    '`image` is null, or the id of the image at `/api/posts/{id}/image`. `image_width` and `image_height` are its size in pixels, or null where it is not known.',
  updatePost: '`image: null` removes the image. A new image is sent as a part of a form.',
  deletePost: 'The image is deleted too, unless another post has the same.',
  readPostImage: 'With `If-None-Match` and the current ETag, the answer is 304 and has no body.',
  listPlayers: 'The answer has at most `limit` players; follow its `Link` header for the next page.',
  createPlayer: 'Without `tokens` the player has none.',
  readPlayer: 'The answer never has the password of the player, nor its hash.',
  updatePlayer: 'Members that the body leaves out stay as they are.',
  deletePlayer: 'The player is removed from the leaderboard.',
  listAuditEvents:
    '`event` takes one or more names with commas between them. `from` and `to` are moments, or days in UTC.',
  listExchanges:
    'Server-sent events. `since` begins the stream after an exchange, as Last-Event-ID does. Each event is one request and its answer, without a value of a header, a cookie, a parameter or a body. Where other machines reach the API, this path is 404.',
  startCookieAssay:
    'The cookies belong to the path of this operation, except two whose name needs Path=/. Where other machines reach the API, this path is 404.',
  readCookieAssay:
    'The answer has names and numbers, and no value. `set` says which cookies there are, `came` which of them this request has.',
  readKeys:
    'Another service verifies tokens with these keys. With the algorithm HS256 the list is empty, because its key is a secret.',
  readOpenApi: 'The document that you are reading.',
  readDocs:
    'A page for people, on which they can also send requests. It loads nothing from other servers, and is complete without script.',
  readDocsFile: 'The viewer is swagger-ui; `license.txt` has its licence. It has an ETag.',
  readProblem: 'The `type` of every error answer leads here.',
  readHealth: 'Answers as long as the process runs. It does not ask the database.',
  readReadiness: 'Answers 503 until the database can be reached and has the current schema.',
  readMetrics:
    'Where only this machine, or only a proxy, reaches the API, the metrics need no token. Elsewhere they need METRICS_TOKEN as a bearer token, and without such a setting the path is 404.',
};
