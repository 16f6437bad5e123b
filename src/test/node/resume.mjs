// Players whose line is cut again and again, with the npm package phoenix as it is: they come back
// to the same node and to another, and see every message once and in order.
import assert from "node:assert/strict";
import { Player, Tap, connect, run } from "./client.mjs";

/** Remembers where it is on each topic, over sockets that come and go. */
class Place {
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
  const said = [];
  const say = async (base) => {
    const content = `message ${said.length}`;
    said.push(content);
    await new Player(base, ann.id, ann.token).call(
      "POST",
      "/chat/messages",
      { chat_type: "lobby", chat_ref_id: lobby.id, content },
      201,
    );
  };
  const heard = (tap) => tap.nextWhere(
    "the last message",
    (event, payload) => payload.content === said.at(-1),
  );

  const place = new Place(topic);
  let socket = connect(first, { token: bob.token });
  let tap = place.on(socket);
  const reply = await tap.join();
  assert.equal(reply.recovered, false);
  assert.equal((await tap.only("updated"))._position.offset, reply.offset);
  await say(first);
  await heard(tap);

  // Cut under the client, which finds the node again by itself and rejoins.
  for (let times = 0; times < 3; times++) {
    socket.conn.terminate();
    await say(times % 2 ? first : second);
    await say(first);
    await heard(tap);
  }

  // Moved to another node, and back, while somebody talks all the time.
  for (const base of [second, first, second]) {
    socket.disconnect();
    await say(second);
    await say(first);
    socket = connect(base, { token: bob.token });
    tap = place.on(socket);
    const talking = say(first);
    assert.equal((await tap.join()).recovered, true);
    await talking;
    await say(second);
    await heard(tap);
  }

  assert.deepEqual(place.contents, said);
  const offsets = place.offsets;
  assert.equal(offsets.length, said.length + 1);
  offsets.forEach((offset, i) => assert.equal(offset, reply.offset + i));
  assert.deepEqual(
    place.replies.map(({ recovered }) => recovered),
    [false, ...place.replies.slice(1).map(() => true)],
  );

  // Another epoch: told so, and served as one who comes for the first time.
  socket.disconnect();
  socket = connect(second, { token: bob.token });
  tap = new Tap(socket, topic, { resume: { epoch: "1", offset: 1 } });
  assert.equal((await tap.join()).recovered, false);
  assert.equal((await tap.only("updated"))._position.offset, reply.offset + said.length);
});
