import { expect, test } from 'vitest';
import { request } from '../src/request.ts';

const content = { name: 'A request', about: 'For a test.', tests: [] };

test('A Postman request takes method and path from its endpoint, and leaves variables in them as they are', () => {
  const { endpoint, item } = request({
    ...content,
    endpoint: 'updateUser',
    params: { id: '{{member_id}}' },
  });
  expect(endpoint).toBe('updateUser');
  expect(item.request).toMatchObject({
    method: 'PATCH',
    url: { raw: '{{base_url}}/api/users/{{member_id}}', path: ['api', 'users', '{{member_id}}'] },
  });
});

test('A Postman request with another method than its endpoint does not count as a request for that endpoint', () => {
  const { endpoint, item } = request({ ...content, endpoint: 'readProtected', method: 'OPTIONS' });
  expect(endpoint).toBeUndefined();
  expect(item.request.method).toBe('OPTIONS');
});

test('A Postman request with an unknown endpoint, parameter or query does not compile', () => {
  // @ts-expect-error no endpoint has this key
  expect(() => request({ ...content, endpoint: 'readNobody' })).toThrow();
  // @ts-expect-error the path has a parameter
  request({ ...content, endpoint: 'readUser' });
  // @ts-expect-error the path has no parameter
  request({ ...content, endpoint: 'createToken', params: { id: 7 } });
  // @ts-expect-error a list of players cannot be searched
  request({ ...content, endpoint: 'listPlayers', query: { q: 'a' } });
});
