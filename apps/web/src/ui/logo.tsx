import { classNames } from './class-names.ts';

/** Three bars, for a token's header, payload and signature. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={classNames('shrink-0', className)}>
      <rect x="0.5" y="6" width="4.5" height="8" rx="2.25" className="fill-header" />
      <rect x="7.75" y="0" width="4.5" height="20" rx="2.25" className="fill-payload" />
      <rect x="15" y="3.5" width="4.5" height="13" rx="2.25" className="fill-signature" />
    </svg>
  );
}

export function Logo() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <LogoMark className="size-5" />
      <span className="font-semibold text-lg tracking-tight">Signet</span>
    </span>
  );
}
