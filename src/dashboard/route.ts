// Where the page is, kept behind the `#` of its address, so that links and the back button work.

import { signal, type ReadonlySignal } from '@preact/signals';

export type Route =
  | { readonly view: 'fleet' }
  | { readonly view: 'group'; readonly group: string }
  | { readonly view: 'lab' }
  | { readonly view: 'record' }
  | { readonly view: 'log-in' }
  | { readonly view: 'nowhere'; readonly path: string };

export function readRoute(hash: string): Route {
  const path = hash.replace(/^#/, '');
  const [, place = '', name] = path.split('/');
  if (place === 'groups' && name !== undefined && name !== '') {
    return { view: 'group', group: decode(name) };
  }
  if (name !== undefined) return { view: 'nowhere', path };
  switch (place) {
    case '':
      return { view: 'fleet' };
    case 'lab':
    case 'record':
    case 'log-in':
      return { view: place };
    default:
      return { view: 'nowhere', path };
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function linkToGroup(name: string): string {
  return `#/groups/${encodeURIComponent(name)}`;
}

export interface Way {
  readonly route: ReadonlySignal<Route>;
  /** Back to where the page was before; to the fleet where that is not known. */
  goBack(): void;
}

export function followRoute(): Way {
  const route = signal(readRoute(location.hash));
  let before = '#/';
  let here = location.hash;
  addEventListener('hashchange', () => {
    before = here;
    here = location.hash;
    route.value = readRoute(here);
  });
  return {
    route,
    goBack: () => {
      location.hash = before === '' ? '#/' : before;
    },
  };
}
