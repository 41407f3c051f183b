import { mkdirSync, writeFileSync } from 'node:fs';
import { createOpenApi } from '../src/openapi.ts';

const folder = new URL('../../../docs/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('openapi.json', folder), `${JSON.stringify(createOpenApi(), null, 2)}\n`);
