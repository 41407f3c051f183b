/**
 * Whether a value has still to arrive. To `await` one that is there already costs a promise and a turn of
 * the microtask queue, about half a microsecond of CPU for each.
 */
export function isPending<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
