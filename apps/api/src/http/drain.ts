import type { Server } from 'node:http';

/** Takes no more connections, lets what is in flight finish, and cuts what is left after `seconds`. */
export async function drain(server: Server, seconds: number): Promise<void> {
  // A kept-alive connection would go on bringing requests: each answer from here on is the last of its connection.
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  const cut = setTimeout(() => server.closeAllConnections(), seconds * 1000);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
