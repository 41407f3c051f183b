import { readFileSync } from 'node:fs';
import { endpoints } from '@signet/contracts';
import { expect, test } from 'vitest';
import { folders } from '../src/collection.ts';
import { postmanFiles } from '../src/files.ts';

const requests = folders.flatMap(({ item: folder }) =>
  folder.item.map((item) => ({ ...item, title: `${folder.name}: ${item.name}` })),
);

test.each(Object.entries(postmanFiles()))(
  'The committed postman/%s is up to date (if it is not: npm run generate)',
  (name, text) => {
    expect(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')).toBe(text);
  },
);

test('The Postman collection has a request for every endpoint of the contracts', () => {
  const requested = new Set<string>(folders.flatMap((folder) => folder.endpoints));
  const missing = Object.keys(endpoints).filter((key) => !requested.has(key));
  const fix = (key: string) =>
    `${key} has no request. Add request({ endpoint: '${key}', … }) to a folder in postman/src; a new folder ` +
    'also needs its place in `folders` in postman/src/collection.ts. Then: npm run generate';
  expect(missing.map(fix)).toEqual([]);
});

test('Every folder of the Postman collection has a description', () => {
  for (const { item } of folders) expect(item.description, item.name).toMatch(/\S.*[.:]/s);
});

test('Every request of the Postman collection has a description and at least one test', () => {
  for (const { title, event, request } of requests) {
    expect(request.description, title).toMatch(/\S.*[.?]/s);
    const script = event.find(({ listen }) => listen === 'test')?.script.exec.join('\n') ?? '';
    expect(script, title).toContain('pm.test(');
  }
});

test('No two requests in one folder of the Postman collection have the same name', () => {
  const titles = requests.map(({ title }) => title);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});
