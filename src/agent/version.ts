// The version that an agent tells in its status. A test holds it to the one of package.json, which
// a bundled single file does not have beside it.

export const agentVersion = '0.1.0';
