import { Component, Fragment, type ReactNode } from 'react';
import { isOffline, useRetryOnline } from '../../browser/online.ts';
import { PartMissingError } from '../../browser/stale-build.ts';
import { Button } from '../../ui/button.tsx';
import { LogoMark } from '../../ui/logo.tsx';

/** A page with one message, for use outside the signed-in layout. */
export function MessagePage({
  title,
  children,
  action,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-lg content-center justify-items-start gap-4 px-6 py-12">
      <title>{`${title} · Signet`}</title>
      <LogoMark className="size-8" />
      <h1 className="mt-2 font-semibold text-2xl tracking-tight sm:text-3xl">{title}</h1>
      <div className="grid gap-2 text-muted [overflow-wrap:anywhere]">{children}</div>
      {action && <div className="mt-2">{action}</div>}
    </main>
  );
}

type BoundaryState = { error: unknown; hasFailed: boolean; redraws: number };

/**
 * Catches what a page throws while it renders. It draws the page again once, because the
 * cause may be gone with the old elements: an extension or a translation may have changed
 * them. What was written is in the drafts.
 */
export class ErrorBoundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: undefined, hasFailed: false, redraws: 0 };

  static getDerivedStateFromError(error: unknown) {
    return { error, hasFailed: true };
  }

  override componentDidCatch(error: unknown) {
    if (error instanceof PartMissingError || this.state.redraws > 0) return;
    this.setState({ error: undefined, hasFailed: false, redraws: 1 });
  }

  override render() {
    const { error, hasFailed, redraws } = this.state;
    if (!hasFailed) return <Fragment key={redraws}>{this.props.children}</Fragment>;
    return error instanceof PartMissingError ? <PartMissingPage /> : <CrashPage />;
  }
}

function CrashPage() {
  return (
    <MessagePage title="This page crashed" action={<ReloadButton />}>
      <p>Saved data is safe. Reload to continue.</p>
    </MessagePage>
  );
}

/** After the automatic reload has not helped, or was not tried. */
function PartMissingPage() {
  useRetryOnline(reload);
  const [title, text] = isOffline()
    ? ['You are offline', 'Reconnect, and the page loads by itself.']
    : ['This page could not be loaded', 'Wait a moment, then reload.'];
  return (
    <MessagePage title={title} action={<ReloadButton />}>
      <p>{text}</p>
    </MessagePage>
  );
}

function ReloadButton() {
  return (
    <Button look="primary" onClick={reload}>
      Reload the page
    </Button>
  );
}

function reload() {
  window.location.reload();
}
