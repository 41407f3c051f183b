import { once } from 'node:events';
import express from 'express';

/** An Express that only answers the JSON of GET /protected: what the framework itself costs. */
const app = express();
app.get('/protected', (_request, response) => void response.json({ id: 1, username: 'toby' }));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
process.stdout.write(`API at http://localhost:${typeof address === 'object' ? address?.port : ''}\n`);
