import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { ConfigError, loadConfig } from './config.ts';
import { MessagePage } from './pages/errors/error-page.tsx';
import { createAuthClient } from './session/auth-client.ts';
import { createQueryClient } from './session/query-client.ts';
import { send } from './session/transport.ts';

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no #root');
const root = createRoot(container);

loadConfig(fetch.bind(window), window.location).then(
  ({ apiUrl }) => {
    const auth = createAuthClient({
      apiUrl,
      fetch: send,
      storage: localStorage,
      locks: navigator.locks,
      channel: new BroadcastChannel('signet'),
      window,
      now: Date.now,
    });
    root.render(
      <StrictMode>
        <App auth={auth} queryClient={createQueryClient(auth)} />
      </StrictMode>,
    );
  },
  (error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    root.render(
      <MessagePage title="Configuration error">
        <p className="whitespace-pre-line">{error.message}</p>
        <p>To fix it, edit config.json next to index.html.</p>
      </MessagePage>,
    );
  },
);
