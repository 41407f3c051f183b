import { Component, type ComponentType, Fragment, type ReactNode } from 'react';
import { isOffline, useRetryOnline } from '../../browser/online.ts';
import { PartMissingError } from '../../browser/stale-build.ts';
import { Button } from '../../ui/button.tsx';
import { LogoMark } from '../../ui/logo.tsx';

type MessageProps = { title: string; children: ReactNode; action?: ReactNode };

/** A page with one message. */
export function Message({ title, children, action }: MessageProps) {
  return (
    <div className="grid max-w-lg justify-items-start gap-4">
      <title>{`${title} · Signet`}</title>
      <h1 tabIndex={-1} className="font-semibold text-2xl tracking-tight outline-none sm:text-3xl">
        {title}
      </h1>
      <div className="grid gap-2 text-muted [overflow-wrap:anywhere]">{children}</div>
      {action && <div className="mt-2 flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}

/** The window around a message where there is no frame: before the app has started, or when the frame itself fails. */
export function BareWindow({ children }: { children?: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-lg content-center gap-6 px-6 py-12">
      <LogoMark className="size-8" />
      {children}
    </main>
  );
}

type BoundaryProps = {
  children: ReactNode;
  /** What is drawn around the message. */
  shell?: ComponentType<{ children?: ReactNode }> | typeof Fragment;
  /** Another place is another page, which may work. */
  place?: string;
};
type BoundaryState = { error: unknown; hasFailed: boolean; redraws: number };

/**
 * Catches what a page throws while it renders. It draws the page again once, because the
 * cause may be gone with the old elements: an extension or a translation may have changed
 * them. What was written is in the drafts.
 */
export class ErrorBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: undefined, hasFailed: false, redraws: 0 };

  static getDerivedStateFromError(error: unknown) {
    return { error, hasFailed: true };
  }

  override componentDidCatch(error: unknown) {
    if (error instanceof PartMissingError || this.state.redraws > 0) return;
    this.setState({ error: undefined, hasFailed: false, redraws: 1 });
  }

  override componentDidUpdate({ place }: BoundaryProps) {
    if (this.state.hasFailed && place !== this.props.place)
      this.setState({ error: undefined, hasFailed: false, redraws: 0 });
  }

  override render() {
    const { error, hasFailed, redraws } = this.state;
    if (!hasFailed) return <Fragment key={redraws}>{this.props.children}</Fragment>;
    const Shell = this.props.shell ?? BareWindow;
    return <Shell>{error instanceof PartMissingError ? <PartMissingPage /> : <CrashPage />}</Shell>;
  }
}

function CrashPage() {
  return (
    <Message title="This page crashed" action={<ReloadButton />}>
      <p>Saved data is safe. Reload to continue.</p>
    </Message>
  );
}

/** After the automatic reload has not helped, or was not tried. */
function PartMissingPage() {
  useRetryOnline(reload);
  const [title, text] = isOffline()
    ? ['You are offline', 'Reconnect, and the page loads by itself.']
    : ['This page could not be loaded', 'Wait a moment, then reload.'];
  return (
    <Message title={title} action={<ReloadButton />}>
      <p>{text}</p>
    </Message>
  );
}

export function ReloadButton() {
  return (
    <Button look="primary" onClick={reload}>
      Reload the page
    </Button>
  );
}

function reload() {
  window.location.reload();
}
