import { type FormEvent, useRef, useState } from 'react';
import type { ZodType } from 'zod';
import { showIssues } from './errors/field-issues.ts';
import { fieldText } from './errors/problem-texts.ts';
import { useSubmit } from './use-submit.ts';

type Options<Values extends object, Data> = {
  schema: ZodType<Values>;
  send: (values: Values) => Promise<Data>;
  onSuccess?: (data: Data) => unknown;
  /** What to send for a field that is left empty; by default the empty text. */
  empty?: { readonly [Name in keyof Values]?: null | undefined };
  /** The fields whose text is sent as a number. */
  numbers?: readonly (keyof Values)[];
  onEdit?: (texts: Readonly<Record<string, string>>) => void;
};

/**
 * A form of plain inputs, each with a `name` of the schema, for pages that are opened directly: it costs a tenth of the
 * form library's script. The inputs keep their own values, because a password manager may fill them without an event.
 *
 * The first submission checks the fields by the schema; from then on each is checked as it is edited. The API's issues
 * appear in `errors` too. `problem` is an error of which some issue has no field, until anything is edited.
 */
export function useNativeForm<Values extends object, Data>(options: Options<Values, Data>) {
  const { schema, empty = {}, numbers = [], onEdit } = options;
  const ref = useRef<HTMLFormElement>(null);
  const wasSubmitted = useRef(false);
  const [errors, setErrors] = useState<Readonly<Record<string, string | undefined>>>({});
  const [problem, setProblem] = useState<Error | null>(null);

  const showError = (field: string, { message }: { message?: string }) =>
    setErrors((shown) => ({ ...shown, [field]: fieldText({ message }) }));
  const submission = useSubmit<Data, Values>({
    mutationFn: options.send,
    onSuccess: (data) => options.onSuccess?.(data),
    onMutate: () => setProblem(null),
    onError: (error) => {
      const names = inputsOf(ref.current).map(({ name }) => name);
      const show = (field: string, issue: { message?: string }, { shouldFocus = false } = {}) => {
        showError(field, issue);
        if (shouldFocus) focusOn(ref.current, field);
      };
      setProblem(showIssues(show, error, names) ? null : error);
    },
  });

  const check = () => {
    const read = ([name, text]: [string, string]) => {
      if (text === '' && name in empty) return [name, empty[name as never]];
      // An empty field is not the number 0.
      if (numbers.includes(name as never)) return [name, text === '' ? Number.NaN : Number(text)];
      return [name, text];
    };
    return schema.safeParse(Object.fromEntries(Object.entries(textsOf(ref.current)).map(read)));
  };
  const firstMessages = (checked: ReturnType<typeof check>) => {
    const found = new Map<string, string>();
    for (const { path, message } of checked.error?.issues ?? [])
      if (!found.has(String(path[0]))) found.set(String(path[0]), message);
    return found;
  };

  return {
    errors,
    problem,
    isPending: submission.isPending,
    reset: () => ref.current?.reset(),
    /** Forgets all errors, for a form whose fields have got other values. */
    clear() {
      wasSubmitted.current = false;
      setErrors({});
      setProblem(null);
    },
    submit: submission.mutate,
    form: {
      ref,
      noValidate: true,
      onSubmit(event: FormEvent) {
        event.preventDefault();
        wasSubmitted.current = true;
        const checked = check();
        if (checked.success) {
          setErrors({});
          return submission.mutate(checked.data);
        }
        const messages = firstMessages(checked);
        setErrors(Object.fromEntries([...messages].map(([name, message]) => [name, fieldText({ message })])));
        const first = inputsOf(ref.current).find(({ name }) => messages.has(name));
        first?.focus();
      },
      onInput({ target }: FormEvent) {
        setProblem(null);
        onEdit?.(textsOf(ref.current));
        if (wasSubmitted.current && isControl(target))
          showError(target.name, { message: firstMessages(check()).get(target.name) ?? '' });
      },
    },
  };
}

type Control = HTMLInputElement | HTMLSelectElement;

function isControl(element: EventTarget): element is Control {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
}

function inputsOf(form: HTMLFormElement | null): Control[] {
  return [...(form?.elements ?? [])]
    .filter(isControl)
    .filter(({ name, type }) => name !== '' && type !== 'radio');
}

function textsOf(form: HTMLFormElement | null): Record<string, string> {
  return Object.fromEntries(inputsOf(form).map(({ name, value }) => [name, value]));
}

function focusOn(form: HTMLFormElement | null, field: string) {
  inputsOf(form)
    .find(({ name }) => name === field)
    ?.focus();
}
