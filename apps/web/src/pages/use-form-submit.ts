import type { UseMutationOptions } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { showIssues } from './errors/field-issues.ts';
import { useSubmit } from './use-submit.ts';

/**
 * `useSubmit` for a form. The API's issues appear beside their fields. `problem` is an error of which some issue has no
 * field, until the user edits anything: an old answer must not contradict the field.
 */
export function useFormSubmit<Values extends FieldValues, Data, Variables>(
  form: Pick<UseFormReturn<Values>, 'setError' | 'watch'>,
  fields: readonly Path<Values>[],
  options: Pick<UseMutationOptions<Data, Error, Variables>, 'mutationFn' | 'onSuccess'>,
) {
  const [problem, setProblem] = useState<Error | null>(null);
  const submission = useSubmit<Data, Variables>({
    ...options,
    onMutate: () => setProblem(null),
    onError: (error) => setProblem(showIssues(form.setError, error, fields) ? null : error),
  });
  const { watch } = form;
  useEffect(() => {
    const { unsubscribe } = watch(() => setProblem(null));
    return unsubscribe;
  }, [watch]);
  return { mutate: submission.mutate, isPending: submission.isPending, problem };
}
