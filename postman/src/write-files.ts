import { writeFileSync } from 'node:fs';
import { postmanFiles } from './files.ts';

for (const [name, text] of Object.entries(postmanFiles()))
  writeFileSync(new URL(`../${name}`, import.meta.url), text);
