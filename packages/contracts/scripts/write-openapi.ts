import { mkdirSync, writeFileSync } from 'node:fs';
import { createOpenApi } from '../src/index.ts';

const folder = new URL('../../../docs/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('openapi.json', folder), `${JSON.stringify(createOpenApi(), null, 2)}\n`);
