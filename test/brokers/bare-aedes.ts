// Runs the library behind the embedded broker, bare, on a free port of the loopback interface.

import { Aedes } from 'aedes';
import { createServer, type Server, type Socket } from 'node:net';
import { findFreePort } from './mosquitto.ts';

export interface AedesBroker {
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startAedes(): Promise<AedesBroker> {
  const port = await findFreePort();
  let stopRunning: () => Promise<void> = async () => {};

  async function start(): Promise<void> {
    const broker = await Aedes.createBroker();
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      broker.handle(socket);
    });
    await listen(server, port);
    stopRunning = async () => {
      stopRunning = async () => {};
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        broker.close(() => resolve());
      });
      await new Promise((resolve) => {
        server.close(resolve);
      });
    };
  }
  await start();
  return { port, start, stop: () => stopRunning(), close: () => stopRunning() };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
