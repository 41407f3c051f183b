import { type UseMutationOptions, type UseMutationResult, useMutation } from '@tanstack/react-query';
import { useRef } from 'react';

/**
 * `useMutation` that ignores a second `mutate` while the first is under way: two clicks, or Enter twice, can come before
 * React has drawn the busy button. `keyOf` names what is changed, where several may be changed at the same time.
 */
export function useSubmit<Data, Variables = void>(
  options: UseMutationOptions<Data, Error, Variables>,
  keyOf: (variables: Variables | undefined) => unknown = () => 'one',
): UseMutationResult<Data, Error, Variables> {
  const mutation = useMutation(options);
  const underWay = useRef(new Set<unknown>());
  const mutate: typeof mutation.mutate = (...request) => {
    const key = keyOf(request[0]);
    if (underWay.current.has(key)) return;
    underWay.current.add(key);
    mutation
      .mutateAsync(...request)
      // The error is in the mutation's state.
      .catch(() => undefined)
      .finally(() => underWay.current.delete(key));
  };
  return { ...mutation, mutate };
}
