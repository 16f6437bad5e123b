// The token as npm phoenix sends it with the option authToken: as a subprotocol, and not in the URL.
import assert from "node:assert/strict";
import { Socket } from "phoenix";
import WebSocket from "ws";
import { Player, Tap, run } from "./client.mjs";

/** Connects with the token; the socket closes itself when its first connection fails. */
function connect(base, authToken) {
  const socket = new Socket(`${base.replace("http", "ws")}/socket`, {
    transport: WebSocket,
    authToken,
  });
  const outcome = new Promise((resolve) => {
    socket.onOpen(() => resolve("open"));
    socket.onError((error) => {
      socket.disconnect();
      resolve(String(error?.message ?? error));
    });
  });
  socket.connect();
  return { socket, outcome };
}

await run(async (base) => {
  const ann = await Player.signIn(base, "ann's phone");
  const { socket, outcome } = connect(base, ann.token);
  assert.equal(await outcome, "open");
  assert.equal(socket.conn.protocol, "phoenix");
  assert.equal(socket.conn.url.includes(ann.token), false);
  const user = new Tap(socket, `user:${ann.id}`);
  assert.deepEqual(await user.join(), {});
  assert.equal((await user.next("updated")).payload.id, ann.id);
  socket.disconnect();

  assert.match(await connect(base, `${ann.token}x`).outcome, /403/);
});
