// What a deployment needs from whoever runs it: someone to tell, someone to ask, somewhere to note.

import type { Session } from './session.ts';
import type { StackClient } from './stack-client.ts';
import type { StackView } from './follow-stack.ts';

export interface Surroundings {
  readonly session: Session;
  readonly client: StackClient;
  readonly manifestPath: string;
  /** Whether it is looked for what was edited by hand, which takes its time. */
  readonly looksForEdits: boolean;
  say(text: string): void;
  /** True at once where the answer was given beforehand. */
  confirm(question: string): Promise<boolean>;
  /** A view of so many resources. */
  createView(resourceCount: number): StackView;
}
