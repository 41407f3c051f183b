import { type UseMutationOptions, type UseMutationResult, useMutation } from '@tanstack/react-query';
import { useRef } from 'react';

/**
 * `useMutation` that ignores a second `mutate` while the first is under way: two clicks, or Enter twice, can come before
 * React has drawn the busy button. `keyOf` names what is changed, where several may be changed at the same time. `finish`
 * does the same and resolves when the request is over, whether it succeeded or not.
 */
export function useSubmit<Data, Variables = void>(
  options: UseMutationOptions<Data, Error, Variables>,
  keyOf: (variables: Variables | undefined) => unknown = () => 'one',
): UseMutationResult<Data, Error, Variables> & { finish: (variables: Variables) => Promise<void> } {
  const mutation = useMutation(options);
  const underWay = useRef(new Set<unknown>());
  const send = async (...request: Parameters<typeof mutation.mutateAsync>) => {
    const key = keyOf(request[0]);
    if (underWay.current.has(key)) return;
    underWay.current.add(key);
    await mutation
      .mutateAsync(...request)
      // The error is in the mutation's state.
      .catch(() => undefined)
      .finally(() => underWay.current.delete(key));
  };
  const mutate: typeof mutation.mutate = (...request) => void send(...request);
  return { ...mutation, mutate, finish: (variables) => send(variables) };
}
