import { endpoints, problemCodes, problems } from '@signet/contracts';
import { expect, test } from 'vitest';
import { html, join, render } from '../../src/system/html.ts';
import { docsPage, problemPage } from '../../src/system/pages.ts';

const hostile = `<script>alert("1" + '2')</script>&amp;`;
const escaped = '&#60;script&#62;alert(&#34;1&#34; + &#39;2&#39;)&#60;/script&#62;&#38;amp;';

test('html escapes every text, in content, in attributes, in lists and in nested templates', () => {
  expect(render(html`<p>${hostile}</p>`)).toBe(`<p>${escaped}</p>`);
  expect(render(html`<a title="${hostile}">${7}</a>`)).toBe(`<a title="${escaped}">7</a>`);
  expect(render(html`${[hostile, html`<b>${hostile}</b>`]}`)).toBe(`${escaped}<b>${escaped}</b>`);
  expect(render(html`${join([hostile, html`<i>2</i>`, '3'], '<hr>')}`)).toBe(
    `${escaped}&#60;hr&#62;<i>2</i>&#60;hr&#62;3`,
  );
});

test('an object that looks like markup is escaped, because only html makes markup', () => {
  const forged = JSON.parse('{"markup":"<b>","Symbol(markup)":"<b>"}');
  expect(render(html`${forged}`)).not.toContain('<');
});

test('the pages name every endpoint and every problem with its meaning and its fix', () => {
  const docs = docsPage();
  for (const { method, path } of Object.values(endpoints)) expect(docs).toContain(`${method} ${path}`);
  for (const code of problemCodes) {
    expect(docs).toContain(`<a href="/problems/${code}"><code>${code}</code></a>`);
    const page = problemPage(code);
    for (const text of [problems[code].meaning, problems[code].hint])
      expect(page).toContain(render(html`<p>${text}</p>`));
  }
});
