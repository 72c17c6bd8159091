// Who may import whom, as dependency-cruiser's rules. A rule's comment tells the offender what to do
// instead. The table is the architecture: a new folder under `src` is a new row.

/** Tests reach where they must; the rules bind what is shipped. */
const testCode = '([.]test[.]tsx?$)|(/testing/)|(^test/)';
const ports = '^src/controller/ports([.]ts$|/)';
const npmTypes = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg'];

/**
 * One row a folder of `src`: what of `src` it may import besides itself, whether it may use npm
 * packages, and what to do instead.
 */
const layers = {
  core: {
    imports: [],
    npm: false,
    instead: 'The core decides on values that it is handed: add them to its input.',
  },
  config: {
    imports: ['^src/core/', '^src/wire/'],
    npm: true,
    instead: 'Configuration is data for others: let the command line hand it on.',
  },
  wire: {
    imports: ['^src/core/'],
    npm: false,
    instead: 'Messages are plain data, read by hand: an agent without packages shares this code.',
  },
  controller: {
    imports: ['^src/core/', '^src/wire/'],
    npm: false,
    instead: 'Declare a port in src/controller/ports and let the command line pass the adapter in.',
  },
  simulation: {
    imports: [
      '^src/core/',
      '^src/controller/',
      '^src/cloud/',
      '^src/wire/',
      // What workers and agents go by, without a clock or a network.
      '^src/worker/course[.]ts$',
      '^src/agent/application/work-board[.]ts$',
    ],
    npm: false,
    instead: 'A simulation stands in for the outside: it runs the real loop over models.',
  },
  cloud: {
    imports: ['^src/core/time[.]ts$'],
    npm: false,
    instead: 'The model of AWS knows nothing of Foretide: pass in what it needs.',
  },
  localcloud: {
    imports: ['^src/cloud/'],
    npm: true,
    instead:
      'It serves the model over AWS’s protocols, to any client: no code of ours but the model.',
  },
  mqtt: {
    imports: [ports, '^src/core/', '^src/wire/'],
    npm: true,
    instead: 'An adapter knows the ports it implements, not the controller nor another adapter.',
  },
  broker: {
    // The framing of MQTT is the same on both sides of a connection.
    imports: [ports, '^src/core/', '^src/wire/', '^src/mqtt/'],
    npm: true,
    instead: 'An adapter knows the ports it implements, not the controller nor another adapter.',
  },
  aws: {
    imports: [ports, '^src/core/', '^src/wire/'],
    npm: true,
    instead: 'An adapter knows the ports it implements, not the controller nor another adapter.',
  },
  // Signals from elsewhere: CloudWatch, queues, Prometheus, HTTP.
  sources: {
    imports: [ports, '^src/core/', '^src/wire/', '^src/aws/'],
    npm: true,
    instead: 'A source knows the port it implements and how AWS is spoken to, not the controller.',
  },
  // What Foretide tells the outside: metrics and events for CloudWatch and EventBridge.
  publish: {
    imports: [ports, '^src/core/', '^src/wire/', '^src/aws/'],
    npm: true,
    instead: 'A publisher reads the ports; how AWS is spoken to is in src/aws.',
  },
  store: {
    imports: [ports, '^src/core/', '^src/wire/'],
    npm: true,
    instead: 'An adapter knows the ports it implements, not the controller nor another adapter.',
  },
  agent: {
    imports: ['^src/wire/'],
    npm: false,
    instead: 'The agent is one small file without packages: what both sides need goes to src/wire.',
  },
  worker: {
    imports: ['^src/wire/'],
    npm: true,
    instead: 'The worker library runs in other people’s programs: only the wire is shared.',
  },
  api: {
    imports: [ports, '^src/core/'],
    npm: true,
    instead: 'Ask the controller through its read and command ports.',
  },
  dashboard: {
    imports: ['^src/api/'],
    npm: true,
    instead: 'The page reads the HTTP API, as anyone could.',
  },
  deploy: {
    imports: ['^src/core/', '^src/config/', '^src/aws/'],
    npm: true,
    instead: 'Templates and their commands stand beside the controller, not on it.',
  },
  cli: { imports: ['^src/'], npm: true, instead: '' },
};

const names = Object.keys(layers).join('|');

const layerRules = Object.entries(layers).flatMap(([layer, { imports, npm, instead }]) => [
  {
    name: `${layer}-imports`,
    severity: 'error',
    comment: instead,
    from: { path: `^src/${layer}/`, pathNot: testCode },
    to: { path: '^src/', pathNot: [`^src/${layer}/`, ...imports] },
  },
  ...(npm
    ? []
    : [
        {
          name: `${layer}-uses-no-npm`,
          severity: 'error',
          comment: `No npm package in src/${layer}. ${instead}`,
          from: { path: `^src/${layer}/`, pathNot: testCode },
          to: { dependencyTypes: npmTypes },
        },
      ]),
]);

/** Where an import may be of types alone. */
const typesOnlyRules = [
  { from: 'api', to: 'core', comment: 'Import types only: the ports hand over the values.' },
  {
    from: 'dashboard',
    to: 'api',
    comment: 'Import types only: the page and the server ship apart.',
  },
].map(({ from, to, comment }) => ({
  name: `${from}-takes-only-types-of-${to}`,
  severity: 'error',
  comment,
  from: { path: `^src/${from}/`, pathNot: testCode },
  to: { path: `^src/${to}/`, dependencyTypesNot: ['type-only'] },
}));

export default {
  forbidden: [
    ...layerRules,
    ...typesOnlyRules,
    {
      name: 'known-folder',
      severity: 'error',
      comment:
        'Give the new folder a row in .dependency-cruiser.mjs and a line in ARCHITECTURE.md.',
      from: { path: '^src/', pathNot: `^src/(${names})/` },
      to: {},
    },
    {
      name: 'source-stands-alone',
      severity: 'error',
      comment: 'What is shipped imports nothing from outside src: move the shared code into src.',
      from: { path: '^src/', pathNot: testCode },
      to: { path: '^(test|bench|scripts|checks|examples|bin)/' },
    },
    {
      name: 'no-test-code-in-source',
      severity: 'error',
      comment: 'Tests are not shipped: move what both need into a module of its own.',
      // Benchmarks start the same brokers and clouds as the tests.
      from: { path: '^src/', pathNot: testCode },
      to: { path: testCode },
    },
    {
      name: 'no-dev-dependency-in-source',
      severity: 'error',
      comment: 'An installed Foretide does not have it: move it to `dependencies`, or do without.',
      from: { path: '^src/', pathNot: [testCode, '^src/dashboard/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Move what both need into a third module, which imports neither.',
      from: {},
      // Types may name each other across files: they are gone before anything is loaded. The layers
      // above hold for them all the same.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'Nothing is there: correct the path, or install the package.',
      from: {},
      // The package by its own name, as its users import it: there once it is built.
      to: { couldNotResolve: true, pathNot: '^foretide/worker$' },
    },
  ],
  options: {
    // Type-only imports are imports too: without this they would not be seen.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(checks/fixtures|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
