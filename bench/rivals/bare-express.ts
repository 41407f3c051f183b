import express from 'express';
import { serve } from './serve.ts';

/** An Express that only answers the JSON of GET /protected: what the framework itself costs. */
const app = express();
app.get('/protected', (_request, response) => void response.json({ id: 1, username: 'toby' }));
await serve(app);
