import { createServer } from 'node:http';
import express, { type RequestHandler } from 'express';
import { expect, test } from 'vitest';
import { inTurn } from '../../src/http/in-turn.ts';
import { listenForTest } from '../listen-for-test.ts';

const note =
  (name: string): RequestHandler =>
  (_request, response, next) => {
    response.append('X-Met', name);
    next();
  };
const later: RequestHandler = (_request, _response, next) => void setImmediate(next);

test.each<{ title: string; steps: RequestHandler[]; met: string; status: number }>([
  {
    title: 'run in their order, before what comes after them',
    steps: [note('a'), note('b')],
    met: 'a, b, app',
    status: 200,
  },
  { title: 'may be none', steps: [], met: 'app', status: 200 },
  { title: 'may call next later', steps: [note('a'), later, note('b')], met: 'a, b, app', status: 200 },
  {
    title: 'end with the one that throws',
    steps: [
      note('a'),
      () => {
        throw new Error('broken');
      },
      note('b'),
    ],
    met: 'a',
    status: 500,
  },
  {
    title: 'end with the one that gives an error to next',
    steps: [note('a'), (_request, _response, next) => next(new Error('broken')), note('b')],
    met: 'a',
    status: 500,
  },
  {
    title: 'end with the one that rejects',
    steps: [
      note('a'),
      async () => {
        throw new Error('broken');
      },
      note('b'),
    ],
    met: 'a',
    status: 500,
  },
  {
    title: 'end with the one that answers',
    steps: [note('a'), (_request, response) => void response.status(204).end(), note('b')],
    met: 'a',
    status: 204,
  },
])('handlers in one layer $title', async ({ steps, met, status }) => {
  const app = express();
  app.use(inTurn(steps));
  app.use(note('app'), (_request, response) => void response.end());
  const failed: express.ErrorRequestHandler = (_error, _request, response, _next) =>
    void response.status(500).end();
  app.use(failed);
  const port = await listenForTest(createServer(app));
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect({ status: answer.status, met: answer.headers.get('x-met') }).toEqual({ status, met });
});
