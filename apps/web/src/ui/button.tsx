import { LoaderCircle } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

type Look = 'primary' | 'secondary' | 'floating' | 'quiet' | 'danger' | 'danger-quiet';
type Size = 'small' | 'medium';

const looks: Record<Look, string> = {
  primary: 'border-transparent bg-ink text-inverse hover:bg-ink/85',
  secondary: 'border-line bg-surface text-ink shadow-panel hover:border-edge',
  // Over what scrolls below it.
  floating: 'border-line bg-surface text-ink shadow-float hover:border-edge',
  quiet: 'border-transparent text-muted hover:bg-ink/6 hover:text-ink',
  danger: 'border-transparent bg-danger text-inverse hover:bg-danger/85',
  'danger-quiet': 'border-danger/40 bg-surface text-danger shadow-panel hover:border-danger',
};

const sizes: Record<Size, string> = { small: 'h-9 px-3 text-sm', medium: 'h-11 px-4' };

/**
 * The look of a button, for a link. On paper neither can be pressed, so neither is printed. Every look has a border: forced
 * colours remove the background and draw a transparent border, without which the button would look like text.
 */
export function buttonClass({
  look = 'secondary',
  size = 'medium',
}: {
  look?: Look;
  size?: Size;
} = {}): string {
  return classNames(
    'inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-lg border font-medium disabled:opacity-60 aria-disabled:opacity-60 print:hidden forced-colors:aria-pressed:border-2 forced-colors:aria-pressed:border-[Highlight]',
    looks[look],
    sizes[size],
  );
}

type ButtonProps = ComponentProps<'button'> & { look?: Look; size?: Size; busy?: boolean };

/** While `busy` it stays focusable and ignores clicks. */
export function Button({ look, size, busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-disabled={busy || undefined}
      {...rest}
      className={classNames(buttonClass({ ...(look && { look }), ...(size && { size }) }), className)}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
      {/* A text beside the spinner needs an element of its own: a translation replaces bare text nodes. */}
      {typeof children === 'string' ? <span>{children}</span> : children}
    </button>
  );
}
