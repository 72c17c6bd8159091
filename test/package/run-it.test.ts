// The files that run Foretide elsewhere: containers and services. No engine runs here, so they are read.

import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/agent/arguments.ts';

function read(path: string): string {
  return readFileSync(new URL(`../../examples/${path}`, import.meta.url), 'utf8');
}

describe('the Dockerfile', () => {
  const text = read('docker/Dockerfile');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  it('is one', () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
  });

  it('ends in an image without shell or root, whose state is a volume', () => {
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last[0]).toMatch(/distroless\/nodejs24-debian12:nonroot$/u);
    expect(last).toContain('USER nonroot');
    expect(last).toContain('VOLUME ["/var/lib/foretide"]');
    expect(last.filter((line) => line.startsWith('RUN '))).toEqual([]);
    expect(last.filter((line) => /^(?:ENTRYPOINT|CMD) (?!\[)/u.test(line))).toEqual([]);
    expect(text).not.toMatch(/:latest|ADD |curl|wget/u);
  });
});

describe.each(['foretide.service', 'foretide-agent.service'])('%s', (name) => {
  const lines = read(`systemd/${name}`)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const sections = lines.filter((line) => line.startsWith('['));
  const settings = lines.filter((line) => !line.startsWith('['));

  it('has the three sections, and settings of the form Name=value, each once', () => {
    expect(sections).toEqual(['[Unit]', '[Service]', '[Install]']);
    for (const line of settings) expect(line).toMatch(/^[A-Z][A-Za-z]+=/u);
    const names = settings.map((line) => line.split('=')[0]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('runs without rights, in a sandbox, for ever', () => {
    for (const line of [
      'DynamicUser=yes',
      'NoNewPrivileges=yes',
      'CapabilityBoundingSet=',
      'ProtectSystem=strict',
      'ProtectHome=yes',
      'PrivateDevices=yes',
      'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
      'SystemCallFilter=@system-service',
      'Restart=always',
    ]) {
      expect(settings).toContain(line);
    }
  });
});

it('the agent’s service needs no flag but what its environment says', () => {
  const asked = parseArguments([], { FORETIDE_BROKER: 'mqtts://broker.example.com:8883' });
  expect(asked.kind).toBe('run');
});
