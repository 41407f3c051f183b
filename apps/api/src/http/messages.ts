import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';
import { createResponseClass } from './head.ts';

/**
 * The classes with which a server for this app must make its requests and responses: options
 * of `createServer`.
 *
 * Express (5.3 at least) sets the prototype of each request and response to `app.request` and `app.response`.
 * V8 then treats them as objects of no known shape, and each access to a member costs more: 50 of the 70 µs
 * of CPU that a bare Express needs for a request on Node 20 and 22. Here these prototypes are those of the
 * classes, so that Express sets what is set already, which changes nothing. Bare Express with five
 * middlewares, µs a request on Node 20.20, 22.23 and 24.21: 70, 73, 17 with a plain server; 15, 16, 14.5 with
 * these classes.
 *
 * The classes have Express's members as their own, because one prototype between the object and Node's is
 * found faster than three. To be called once for an app, after its settings and before its first request. If
 * Express's prototypes do not extend Node's any more, the app keeps them and the classes are Node's: slower,
 * and equally right.
 */
export function messagesOf(app: Express): Messages {
  class AppRequest extends IncomingMessage {}
  const AppResponse = createResponseClass();
  const isUsual =
    copyMembers(app.request, IncomingMessage.prototype, AppRequest.prototype) &&
    copyMembers(app.response, ServerResponse.prototype, AppResponse.prototype);
  if (!isUsual) return { IncomingMessage, ServerResponse };
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype });
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}

type Messages = {
  readonly IncomingMessage: typeof IncomingMessage;
  readonly ServerResponse: typeof ServerResponse;
};

/**
 * Copies the members of `from` and of what it inherits below `base`. Returns whether it inherits from `base`.
 */
function copyMembers(from: object, base: object, to: object): boolean {
  if (from === base) return true;
  const parent: object | null = Object.getPrototypeOf(from);
  // The parent's first, so that the members that hide them replace them.
  if (parent === null || !copyMembers(parent, base, to)) return false;
  const { constructor: _, ...members } = Object.getOwnPropertyDescriptors(from);
  Object.defineProperties(to, members);
  return true;
}
