import { createServer } from 'node:http';
import { serve } from './serve.ts';

/** node:http that only answers the JSON of GET /protected. It measures the least that an answer costs. */
await serve(
  createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(JSON.stringify({ id: 1, username: 'toby' }));
  }),
);
