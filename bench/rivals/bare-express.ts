import express from 'express';
import { serve } from './serve.ts';

/** An Express app that only answers the JSON of GET /protected. It measures the cost of the framework. */
const app = express();
app.get('/protected', (_request, response) => void response.json({ id: 1, username: 'toby' }));
await serve(app);
