// Players whose connections are cut repeatedly, with the unmodified npm package phoenix: they
// reconnect to the same node and to another one, and see every message once and in order.
import assert from "node:assert/strict";
import { Player, Tap, connect, run } from "./client.mjs";

/** Keeps the position on a topic across sockets. */
class Position {
  pushes = [];
  replies = [];
  #position;

  constructor(topic) {
    this.topic = topic;
  }

  on(socket) {
    const tap = new Tap(socket, this.topic, () => ({ resume: this.#position ?? {} }));
    tap.onPush = (event, payload) => {
      this.pushes.push([event, payload]);
      this.#position = payload._position ?? this.#position;
    };
    tap.channel.joinPush.receive("ok", (reply) => this.replies.push(reply));
    return tap;
  }

  get contents() {
    return this.pushes
      .filter(([event]) => event === "new_chat_message")
      .map(([, payload]) => payload.content);
  }

  get offsets() {
    return this.pushes.map(([, payload]) => payload._position?.offset);
  }
}

await run(async (first, second = first) => {
  const name = `${Date.now()}-${process.pid}`;
  const ann = await Player.signIn(first, `ann-${name}`);
  const bob = await Player.signIn(second, `bob-${name}`);
  const lobby = await ann.call("POST", "/lobbies", { title: "Cut off" }, 201);
  await bob.call("POST", `/lobbies/${lobby.id}/join`, {});
  const topic = `lobby:${lobby.id}`;
  const sent = [];
  const send = async (base) => {
    const content = `message ${sent.length}`;
    sent.push(content);
    await new Player(base, ann.id, ann.token).call(
      "POST",
      "/chat/messages",
      { chat_type: "lobby", chat_ref_id: lobby.id, content },
      201,
    );
  };
  const receivedLast = (tap) => tap.nextWhere(
    "the last message",
    (event, payload) => payload.content === sent.at(-1),
  );

  const position = new Position(topic);
  let socket = connect(first, { token: bob.token });
  let tap = position.on(socket);
  const reply = await tap.join();
  assert.equal(reply.recovered, false);
  assert.equal((await tap.only("updated"))._position.offset, reply.offset);
  await send(first);
  await receivedLast(tap);

  // Cuts the connection; the client reconnects and rejoins on its own.
  for (let times = 0; times < 3; times++) {
    socket.conn.terminate();
    await send(times % 2 ? first : second);
    await send(first);
    await receivedLast(tap);
  }

  // Moves to another node and back while messages are sent.
  for (const base of [second, first, second]) {
    socket.disconnect();
    await send(second);
    await send(first);
    socket = connect(base, { token: bob.token });
    tap = position.on(socket);
    const sending = send(first);
    assert.equal((await tap.join()).recovered, true);
    await sending;
    await send(second);
    await receivedLast(tap);
  }

  assert.deepEqual(position.contents, sent);
  const offsets = position.offsets;
  assert.equal(offsets.length, sent.length + 1);
  offsets.forEach((offset, i) => assert.equal(offset, reply.offset + i));
  assert.deepEqual(
    position.replies.map(({ recovered }) => recovered),
    [false, ...position.replies.slice(1).map(() => true)],
  );

  // A position of another epoch: not recovered, and served like a first join.
  socket.disconnect();
  socket = connect(second, { token: bob.token });
  tap = new Tap(socket, topic, { resume: { epoch: "1", offset: 1 } });
  assert.equal((await tap.join()).recovered, false);
  assert.equal((await tap.only("updated"))._position.offset, reply.offset + sent.length);
});
