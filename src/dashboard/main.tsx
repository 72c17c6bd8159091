// Puts the page into its document.

import { render } from 'preact';
import { App } from './app.tsx';
import { createPage } from './page.ts';

const place = document.querySelector('#page');
if (place === null) throw new Error('the document has no #page');
place.replaceChildren();
render(<App page={createPage()} />, place);
