import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

/** Grows with its text up to a limit, if the browser supports `field-sizing`. */
export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={3}
      {...rest}
      className={classNames(
        'field-sizing-content max-h-[60dvh] min-h-24 w-full min-w-0 resize-y rounded-lg border border-edge bg-surface px-3 py-2.5 text-base text-ink placeholder:text-muted aria-invalid:border-danger sm:text-[0.9375rem]',
        className,
      )}
    />
  );
}
