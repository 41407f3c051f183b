import { mkdirSync, writeFileSync } from 'node:fs';
import { postmanFiles } from './postman/files.ts';

const folder = new URL('../postman/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(postmanFiles())) writeFileSync(new URL(name, folder), text);
