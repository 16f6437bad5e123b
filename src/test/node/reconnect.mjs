// A player whose server restarts on the same port: the npm client reconnects on its own and gets
// the current state. Prints "ready" when the server may stop.
import assert from "node:assert/strict";
import { Player, Waiter, run } from "./client.mjs";

await run(async (base) => {
  const ann = (await Player.signIn(base, `ann-${Date.now()}-${process.pid}`)).connect();
  const closes = [];
  const waiter = new Waiter();
  ann.socket.onClose((event) => {
    closes.push(event.code);
    waiter.notify();
  });
  await ann.joinUser();
  await ann.user.only("updated");
  const lobby = await ann.call("POST", "/lobbies", { title: "Lasting" }, 201);
  await ann.user.only("updated");
  const tap = ann.tap(`lobby:${lobby.id}`);
  await tap.join();
  await tap.only("updated");

  console.log("ready");
  await waiter.until("the server to stop", () => closes.length > 0);
  assert.equal(closes[0], 1012);

  assert.equal((await ann.user.only("updated")).lobby_id, lobby.id);
  const rejoined = await tap.only("updated");
  assert.equal(rejoined.title, "Lasting");
  assert.equal(rejoined.spectator, false);
  assert.equal(tap.closed, false);
  await ann.call(
    "POST",
    "/chat/messages",
    { chat_type: "lobby", chat_ref_id: lobby.id, content: "still here" },
    201,
  );
  assert.equal((await tap.next("new_chat_message")).payload.content, "still here");
});
