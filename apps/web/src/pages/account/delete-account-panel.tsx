import type { User } from '@signet/contracts';
import { Suspense, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Panel } from '../../ui/panel.tsx';

const DeleteUserDialog = lazyPart(() => import('../delete-user-dialog.tsx'), 'DeleteUserDialog');

export function DeleteAccountPanel({ me }: { me: User }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Panel
      title="Delete account"
      description="Deletes your account and all your posts, permanently."
      isDangerous
    >
      <Button look="danger-quiet" onClick={() => setIsAsking(true)}>
        Delete my account…
      </Button>
      <Suspense>
        {isAsking && <DeleteUserDialog user={me} me={me} onClose={() => setIsAsking(false)} />}
      </Suspense>
    </Panel>
  );
}
