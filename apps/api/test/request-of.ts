import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Request } from 'express';

/** A request with these members, for what reads no others: it has no connection, and Express has not seen it. */
export function requestOf(members: object): Request {
  return Object.assign(new IncomingMessage(new Socket()), members) as Request;
}
