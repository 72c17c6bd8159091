// Operations by name, as each topic's file contributes them to a service.

import type { Operation } from './service.ts';

export type Operations = Readonly<Record<string, Operation>>;
