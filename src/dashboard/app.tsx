// The page's frame: what stands around every view, and which view it is.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Page } from './page.ts';
import type { Route } from './route.ts';
import { isUtcHere, sayTime, sayUtc } from './say.ts';
import { Banners } from './views/banners.tsx';
import { FleetView } from './views/fleet-view.tsx';
import { GroupView } from './views/group-view.tsx';
import { LabView } from './views/lab-view.tsx';
import { LogInView } from './views/log-in-view.tsx';
import { RecordView } from './views/record-view.tsx';

export function App({ page }: { readonly page: Page }): JSX.Element {
  const { route, session } = page;
  const here = route.value;
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${titleOf(here)} · Foretide`;
    // A group that there is not would end the whole stream: who looks at one says when it is found.
    if (here.view !== 'group') page.live.watch(null);
    // A view that was gone to is read from its beginning, by the eye and by a screen reader.
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [here, page]);
  const mustLogIn = session.value !== null && session.value.role === null;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => skip(event, main.current)}>
        Skip to the content
      </a>
      <Header page={page} />
      <Banners page={page} />
      <main id="main" ref={main} tabIndex={-1}>
        {mustLogIn ? <LogInView page={page} isForced /> : <View page={page} here={here} />}
      </main>
    </>
  );
}

function skip(event: MouseEvent, main: HTMLElement | null): void {
  event.preventDefault();
  main?.focus();
}

function View({ here, page }: { readonly here: Route; readonly page: Page }): JSX.Element {
  switch (here.view) {
    case 'fleet':
      return <FleetView page={page} />;
    case 'group':
      return <GroupView key={here.group} page={page} name={here.group} />;
    case 'lab':
      return <LabView page={page} />;
    case 'record':
      return <RecordView page={page} />;
    case 'log-in':
      return <LogInView page={page} />;
    case 'nowhere':
      return (
        <section class="empty">
          <h1>There is nothing at {here.path}</h1>
          <a href="#/">To the fleet</a>
        </section>
      );
  }
}

function titleOf(route: Route): string {
  switch (route.view) {
    case 'fleet':
      return 'Fleet';
    case 'group':
      return route.group;
    case 'lab':
      return 'Lab';
    case 'record':
      return 'Record';
    case 'log-in':
      return 'Log in';
    case 'nowhere':
      return 'Not found';
  }
}

function Header({ page }: { readonly page: Page }): JSX.Element {
  const { view } = page.route.value;
  const isFleet = view === 'fleet' || view === 'group';
  return (
    <header class="top">
      <a class="brand" href="#/" aria-label="Foretide, to the fleet">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M2 21c5 0 5-10 10-10s5 10 10 10 5-10 8-10" />
        </svg>
        <span>Foretide</span>
      </a>
      <nav aria-label="Views">
        <a href="#/" aria-current={isFleet ? 'page' : undefined}>
          Fleet
        </a>
        <a href="#/lab" aria-current={view === 'lab' ? 'page' : undefined}>
          Lab
        </a>
        <a href="#/record" aria-current={view === 'record' ? 'page' : undefined}>
          Record
        </a>
      </nav>
      <div class="top-end">
        <ConnectionMark page={page} />
        <Clock />
        <SchemeButton page={page} />
        <Person page={page} />
      </div>
    </header>
  );
}

const words = {
  connecting: 'connecting',
  live: 'live',
  stale: 'stale',
  lost: 'disconnected',
} as const;

function ConnectionMark({ page }: { readonly page: Page }): JSX.Element {
  const { kind } = page.live.connection.value;
  return (
    <span class={`connection is-${kind}`} role="status" data-connection={kind}>
      <i aria-hidden="true" />
      {words[kind]}
    </span>
  );
}

/** The wall's time here and in UTC. */
function Clock(): JSX.Element {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = Date.now();
    }, 1000);
    return () => clearInterval(timer);
  }, [now]);
  return (
    <time class="clock" dateTime={new Date(now.value).toISOString()}>
      {!isUtcHere && sayTime(now.value)} <span class="quiet">{sayUtc(now.value)}</span>
    </time>
  );
}

const schemeWords = { auto: 'Auto', light: 'Light', dark: 'Dark' } as const;
const schemeSigns = { auto: '◐', light: '☀', dark: '☾' } as const;

function SchemeButton({ page: { scheme } }: { readonly page: Page }): JSX.Element {
  const choice = scheme.choice.value;
  return (
    <button
      type="button"
      class="plain"
      onClick={() => scheme.cycle()}
      aria-label={`Colours: ${schemeWords[choice]}`}
      title={`Colours: ${schemeWords[choice]}`}
    >
      <span aria-hidden="true">{schemeSigns[choice]}</span>
    </button>
  );
}

function Person({ page }: { readonly page: Page }): JSX.Element | null {
  const session = page.session.value;
  if (session === null) return null;
  if (session.name === null) {
    return (
      <a class="button plain" href="#/log-in">
        Log in
      </a>
    );
  }
  return (
    <span class="person">
      <span>
        {session.name} <span class="quiet">{session.role}</span>
      </span>
      <button type="button" class="plain" onClick={() => void page.logOut()}>
        Log out
      </button>
    </span>
  );
}
