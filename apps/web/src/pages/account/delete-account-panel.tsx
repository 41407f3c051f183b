import type { User } from '@signet/contracts';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';

const DeleteUserDialog = lazy(() =>
  import('../delete-user-dialog.tsx').then((module) => ({ default: module.DeleteUserDialog })),
);

export function DeleteAccountPanel({ me }: { me: User }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Panel
      title="Delete account"
      description="Your account and everything that is yours. It cannot be undone."
    >
      <Button className="text-danger" onClick={() => setIsAsking(true)}>
        Delete my account…
      </Button>
      <Suspense>
        {isAsking && <DeleteUserDialog user={me} me={me} onClose={() => setIsAsking(false)} />}
      </Suspense>
    </Panel>
  );
}
