import { Component, type ReactNode } from 'react';
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

/** Catches what a page throws while it renders; also when a new deployment has removed the chunk that it loads. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <MessagePage
        title="This page crashed"
        action={
          <Button look="primary" onClick={() => window.location.reload()}>
            Reload the page
          </Button>
        }
      >
        <p>Saved data is safe. Reload to continue.</p>
      </MessagePage>
    );
  }
}
