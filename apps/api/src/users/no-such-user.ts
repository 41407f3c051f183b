import { AppError } from '../errors.ts';

export function noSuchUser(): never {
  throw new AppError('not_found', 'There is no such user');
}
