import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorAlert } from './errors/error-alert.tsx';
import type { FormShell } from './form-shell.tsx';
import type { useDraftForm } from './use-draft-form.tsx';

type Props = {
  shell: FormShell;
  title: string;
  description: string;
  form: Pick<
    ReturnType<typeof useDraftForm>,
    'drop' | 'isChanged' | 'key' | 'form' | 'notice' | 'problem' | 'isPending'
  >;
  submit: string;
  onClose: () => void;
  children: ReactNode;
};

/** A form with a draft in its shell: `children` are its fields. The draft goes when the form is closed. */
export function DraftForm({ shell: Shell, title, description, form, submit, onClose, children }: Props) {
  const close = () => {
    form.drop();
    onClose();
  };
  return (
    <Shell onClose={close} isChanged={form.isChanged} title={title} description={description}>
      <form key={form.key} {...form.form} className="grid gap-4">
        {form.notice}
        {children}
        {form.problem && <ErrorAlert error={form.problem} />}
        <Button type="submit" look="primary" busy={form.isPending} className="mt-1">
          {submit}
        </Button>
      </form>
    </Shell>
  );
}
