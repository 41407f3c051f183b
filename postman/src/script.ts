import { endpoints, expandPath } from '@signet/contracts';

/** Lines of scripts that run in Postman, as text. */

/** A test of one or more statements. */
export function check(title: string, ...statements: string[]): string {
  return [`pm.test(${quote(title)}, () => {`, ...statements.map((statement) => `  ${statement}`), '});'].join(
    '\n',
  );
}

export function answers(status: number): string {
  return `pm.test('answers ${status}', () => pm.response.to.have.status(${status}));`;
}

/** Expects this problem (RFC 9457). The collection tests what all problems have in common. */
export function refuses(status: number, code: string): string {
  return `${answers(status)}\n${check(`the problem is ${code}`, `pm.expect(pm.response.json().code).to.eql('${code}');`)}`;
}

/** Expects that `Location` leads to the new resource, whose `id` is in the body. */
export function isLocatedAt(endpoint: 'readUser' | 'readPost'): string {
  const start = expandPath(endpoints[endpoint].path, () => '');
  return `pm.expect(pm.response.headers.get('Location')).to.eql('${start}' + ${json}.id);`;
}

/** Stores the value of an expression under a name, for the requests that follow. */
export function keep(variable: string, expression: string): string {
  return `pm.collectionVariables.set('${variable}', ${expression});`;
}

/** Stores a name that no other run has used. */
export function keepUniqueName(variable: string): string {
  return keep(variable, "'postman-' + pm.variables.replaceIn('{{$guid}}').slice(0, 18)");
}

export const json = 'pm.response.json()';

/** An expression for the `Set-Cookie` header of a cookie, whether or not the cookie jar accepts it. */
export function setCookie(nameVariable: string): string {
  return `pm.response.headers.filter((header) => header.key.toLowerCase() === 'set-cookie').map((header) => header.value).find((value) => value.startsWith(pm.variables.get('${nameVariable}') + '='))`;
}

/** Stores the value of a cookie, without its attributes. */
export function keepCookie(variable: string, nameVariable: string): string {
  return keep(variable, `(${setCookie(nameVariable)} || '=;').split(';')[0].split('=').slice(1).join('=')`);
}

/** Stores the cursor of the next page, from `Link: <…?after=CURSOR>; rel="next"`. */
export function keepNextPage(variable: string): string {
  return keep(
    variable,
    "((pm.response.headers.get('Link') || '').match(/[?&]after=([^&>]+)/) || [])[1] || ''",
  );
}

function quote(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}
