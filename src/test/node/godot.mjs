// A client of protocol version 1, frame by frame as the Godot addon sends them: objects, no vsn,
// join_ref in every frame and "" in heartbeats.
import assert from "node:assert/strict";
import WebSocket from "ws";
import { Player, Waiter, run } from "./client.mjs";

class Godot {
  #frames = [];
  #waiter = new Waiter();
  #refs = 0;

  constructor(base, token) {
    const url = `${base.replace("http", "ws")}/socket/websocket?token=${token}`;
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.socket.on("message", (data, binary) => {
      assert.equal(binary, false);
      const frame = JSON.parse(data);
      assert.deepEqual(Object.keys(frame).sort(), ["event", "payload", "ref", "topic"]);
      this.#frames.push(frame);
      this.#waiter.notify();
    });
    this.open = new Promise((resolve, reject) => {
      this.socket.on("open", resolve);
      this.socket.on("error", reject);
    });
  }

  send(topic, event, payload, joinRef) {
    const ref = String(++this.#refs);
    this.socket.send(
      JSON.stringify({ topic, event, payload, ref, join_ref: joinRef ?? ref }),
    );
    return ref;
  }

  /** The next frame of any kind. */
  async receive() {
    await this.#waiter.until("a frame", () => this.#frames.length > 0);
    return this.#frames.shift();
  }
}

await run(async (base) => {
  const ann = await Player.signIn(base, `godot-${Date.now()}-${process.pid}`);
  const godot = new Godot(base, ann.token);
  await godot.open;

  const heartbeat = godot.send("phoenix", "heartbeat", {}, "");
  assert.deepEqual(await godot.receive(), {
    topic: "phoenix",
    event: "phx_reply",
    payload: { status: "ok", response: {} },
    ref: heartbeat,
  });

  const topic = `user:${ann.id}`;
  const join = godot.send(topic, "phx_join", { token: ann.token });
  assert.deepEqual(await godot.receive(), {
    topic,
    event: "phx_reply",
    payload: { status: "ok", response: {} },
    ref: join,
  });
  const updated = await godot.receive();
  assert.equal(updated.event, "updated");
  assert.equal(updated.ref, null);
  assert.equal(updated.payload.id, ann.id);

  const lobby = await ann.call("POST", "/lobbies", { title: "Godot" }, 201);
  const moved = await godot.receive();
  assert.equal(moved.event, "updated");
  assert.equal(moved.payload.lobby_id, lobby.id);

  const lobbyTopic = `lobby:${lobby.id}`;
  const lobbyJoin = godot.send(lobbyTopic, "phx_join", {});
  assert.equal((await godot.receive()).ref, lobbyJoin);
  assert.equal((await godot.receive()).payload.spectator, false);
  await ann.call(
    "POST",
    "/chat/messages",
    { chat_type: "lobby", chat_ref_id: lobby.id, content: "waiting" },
    201,
  );
  const chat = await godot.receive();
  assert.equal(chat.event, "new_chat_message");
  assert.equal(chat.payload.content, "waiting");

  const wrong = godot.send(lobbyTopic, "say", {}, lobbyJoin);
  const refused = await godot.receive();
  assert.equal(refused.ref, wrong);
  assert.deepEqual(refused.payload, { status: "error", response: { error: "unknown_event" } });
  assert.deepEqual(await godot.receive(), {
    topic: lobbyTopic,
    event: "phx_close",
    payload: {},
    ref: lobbyJoin,
  });

  const leave = godot.send(topic, "phx_leave", {}, join);
  assert.equal((await godot.receive()).ref, leave);
  assert.deepEqual(await godot.receive(), { topic, event: "phx_close", payload: {}, ref: join });
  godot.socket.close();
});
