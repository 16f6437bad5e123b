// Loaded before a program that is made of the JavaScript examples of a page: before each of them, the program
// prints a mark and waits for a line. Browsers have a global WebSocket, and so do newer versions of Node.
import { createInterface } from "node:readline";
import WebSocket from "ws";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

globalThis.WebSocket ??= WebSocket;
globalThis.nextDocsExample = async () => {
  process.stdout.write("\u0001");
  await lines.next();
};
