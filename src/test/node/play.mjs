// Two players and a spectator, with the unmodified npm package phoenix: they sign in, meet in a
// lobby, chat, are kicked and leave. Every push is checked, once and in order.
import assert from "node:assert/strict";
import { Player, Tap, connect, run } from "./client.mjs";

const KEYS = {
  me: [
    "id",
    "email",
    "profile_url",
    "metadata",
    "display_name",
    "lobby_id",
    "party_id",
    "is_online",
    "last_seen_at",
    "linked_providers",
    "has_password",
  ],
  member: [
    "id",
    "user_id",
    "display_name",
    "email",
    "profile_url",
    "metadata",
    "is_online",
    "last_seen_at",
  ],
  lobby: [
    "id",
    "title",
    "host_id",
    "host_name",
    "hostless",
    "max_users",
    "is_hidden",
    "is_locked",
    "metadata",
    "members",
  ],
  item: [
    "id",
    "title",
    "host_id",
    "host_name",
    "hostless",
    "max_users",
    "is_hidden",
    "is_locked",
    "metadata",
    "is_passworded",
  ],
  chat: [
    "id",
    "content",
    "metadata",
    "sender_id",
    "sender_name",
    "chat_type",
    "chat_ref_id",
    "inserted_at",
  ],
};

function hasKeys(payload, keys) {
  assert.deepEqual(Object.keys(payload).sort(), [...keys].sort());
}

// The second player and the spectator may use another node than the first player.
await run(async (base, other = base) => {
  const unique = `${Date.now()}-${process.pid}`;
  const ann = (await Player.signIn(base, `ann-${unique}`)).connect();
  const bob = (await Player.signIn(other, `bob-${unique}`)).connect();
  await ann.call("PATCH", "/me/display_name", { display_name: "Ann" });
  await bob.call("PATCH", "/me/display_name", { display_name: "Bob" });
  const lobbies = new Tap(connect(other, {}), "lobbies");
  assert.deepEqual(await lobbies.join(), {});

  // Refused joins.
  assert.equal(await ann.tap(`user:${bob.id}`).refused(), "unauthorized");
  assert.equal(await ann.tap("user:ann").refused(), "invalid topic");
  assert.equal(await ann.tap("lobby:").refused(), "invalid_topic_or_unauthenticated");
  assert.equal(await ann.tap("lobby:999999999").refused(), "invalid_topic_or_unauthenticated");
  assert.equal(await ann.tap("elsewhere").refused(), "unmatched topic");

  // The player's own channel.
  for (const player of [ann, bob]) {
    const user = await player.joinUser();
    const me = await user.only("updated");
    hasKeys(me, KEYS.me);
    assert.equal(me.id, player.id);
    assert.equal(me.lobby_id, -1);
    assert.equal(me.is_online, true);
    assert.equal(me.linked_providers.device, true);
  }
  assert.deepEqual(await ann.user.push("nonsense", {}), { error: { error: "unknown_event" } });
  assert.deepEqual(await ann.user.push("call_hook", { plugin: "x" }), {
    error: { error: "unknown_event" },
  });
  assert.deepEqual(await ann.user.push("call_hook", { plugin: "x", fn: "y" }), {
    error: { error: "not_found" },
  });
  assert.deepEqual(await ann.user.push("webrtc:close", {}), { ok: {} });

  // Create a lobby.
  const opened = await ann.call("POST", "/lobbies", { title: "Arena", max_users: 4 }, 201);
  const id = opened.id;
  assert.equal((await ann.user.only("updated")).lobby_id, id);
  const created = await lobbies.only("lobby_created");
  hasKeys(created, KEYS.item);
  assert.equal(created.title, "Arena");
  assert.equal(created.host_id, ann.id);

  const annsLobby = ann.tap(`lobby:${id}`);
  await annsLobby.join();
  const first = await annsLobby.only("updated");
  hasKeys(first, [...KEYS.lobby, "spectator"]);
  assert.equal(first.spectator, false);
  assert.deepEqual(
    first.members.map((member) => member.id),
    [ann.id],
  );

  // Bob spectates, then joins.
  const bobsView = bob.tap(`lobby:${id}`);
  await bobsView.join();
  assert.equal((await bobsView.only("updated")).spectator, true);
  await bob.call("POST", `/lobbies/${id}/join`, {});
  assert.equal((await bob.user.only("updated")).lobby_id, id);
  assert.equal((await lobbies.only("lobby_membership_changed")).id, id);
  for (const tap of [annsLobby, bobsView]) {
    const updated = await tap.only("member_updated");
    hasKeys(updated, KEYS.member);
    assert.equal(updated.user_id, bob.id);
    const joined = await tap.only("user_joined");
    hasKeys(joined, KEYS.member);
    assert.equal(joined.display_name, "Bob");
    assert.equal(joined.email, "");
  }
  await bobsView.leave();
  const bobsLobby = bob.tap(`lobby:${id}`);
  await bobsLobby.join();
  const again = await bobsLobby.only("updated");
  assert.equal(again.spectator, false);
  assert.deepEqual(
    again.members.map((member) => member.id),
    [ann.id, bob.id],
  );

  // They chat.
  const said = await bob.call(
    "POST",
    "/chat/messages",
    { chat_type: "lobby", chat_ref_id: id, content: "hello", metadata: { a: 1 } },
    201,
  );
  for (const tap of [annsLobby, bobsLobby]) {
    const received = await tap.only("new_chat_message");
    hasKeys(received, KEYS.chat);
    assert.equal(received.id, said.id);
    assert.equal(received.content, "hello");
    assert.equal(received.sender_name, "Bob");
    assert.equal(received.chat_type, "lobby");
    assert.deepEqual(received.metadata, { a: 1 });
  }
  const unread = await ann.user.only("notification");
  assert.equal(unread.metadata.type, "chat_lobby");
  assert.equal(unread.metadata.message_count, 1);
  await bob.call("PATCH", `/chat/messages/${said.id}`, { content: "hello!" });
  assert.equal((await annsLobby.only("chat_message_updated")).content, "hello!");
  await bob.call("DELETE", `/chat/messages/${said.id}`);
  assert.deepEqual(await annsLobby.only("chat_message_deleted"), { id: said.id });
  await bobsLobby.only("chat_message_updated");
  await bobsLobby.only("chat_message_deleted");

  // The host updates the lobby.
  await ann.call("PATCH", "/lobbies", { title: "Colosseum" });
  for (const tap of [annsLobby, bobsLobby]) {
    const updated = await tap.only("updated");
    hasKeys(updated, KEYS.lobby);
    assert.equal(updated.title, "Colosseum");
    assert.equal(updated.members.length, 2);
  }
  assert.equal((await lobbies.only("lobby_updated")).title, "Colosseum");

  // Bob disconnects briefly.
  bob.socket.disconnect();
  const away = await annsLobby.next("member_offline");
  assert.ok(away.before.every((event) => event === "member_updated"));
  assert.equal(away.payload.user_id, bob.id);
  assert.equal(away.payload.is_online, false);
  bob.connect();
  await bob.joinUser();
  const back = await bob.user.next("updated");
  assert.deepEqual(back.before, []);
  assert.equal(back.payload.lobby_id, id);
  const online = await annsLobby.next("member_online");
  assert.ok(online.before.every((event) => event === "member_updated"));
  assert.equal(online.payload.is_online, true);
  const bobsSecond = bob.tap(`lobby:${id}`);
  await bobsSecond.join();
  await bobsSecond.only("updated");
  bob.user.pushes.length = 0;

  // Bob is kicked: a notification arrives, and the channel closes.
  await ann.call("POST", "/lobbies/kick", { target_user_id: bob.id });
  for (const tap of [annsLobby, bobsSecond]) {
    assert.deepEqual(await tap.only("user_kicked"), { user_id: bob.id, display_name: "Bob" });
  }
  await bobsSecond.end();
  assert.equal((await bob.user.only("updated")).lobby_id, -1);
  const notice = await bob.user.only("notification");
  assert.equal(notice.title, "Removed From Lobby");
  assert.equal(notice.sender_id, ann.id);
  assert.ok("sender_name" in notice);
  await lobbies.only("lobby_membership_changed");
  assert.equal(annsLobby.closed, false);

  // Bob joins again and the host leaves: Bob becomes the host.
  await bob.call("POST", `/lobbies/${id}/join`, {});
  await annsLobby.only("member_updated");
  await annsLobby.only("user_joined");
  await bob.user.only("updated");
  await lobbies.only("lobby_membership_changed");
  const bobsThird = bob.tap(`lobby:${id}`);
  await bobsThird.join();
  await bobsThird.only("updated");
  await ann.call("POST", "/lobbies/leave", {});
  assert.deepEqual(await bobsThird.only("user_left"), { user_id: ann.id, display_name: "Ann" });
  assert.deepEqual(await bobsThird.only("host_changed"), {
    new_host_id: bob.id,
    display_name: "Bob",
  });
  await annsLobby.only("user_left");
  await annsLobby.end();
  assert.equal((await ann.user.only("updated")).lobby_id, -1);
  await lobbies.only("lobby_membership_changed");

  // A hidden lobby cannot be spectated.
  await bob.call("PATCH", "/lobbies", { is_hidden: true });
  assert.equal((await bobsThird.only("updated")).is_hidden, true);
  await lobbies.only("lobby_updated");
  assert.equal(await ann.tap(`lobby:${id}`).refused(), "not_spectatable");
  const elsewhere = await ann.call("POST", "/lobbies", { title: "Other" }, 201);
  await lobbies.only("lobby_created");
  await ann.user.only("updated");
  assert.equal(await ann.tap(`lobby:${id}`).refused(), "must_spectate_own_lobby");

  // The last member leaves and the lobby is deleted.
  await bob.call("POST", "/lobbies/leave", {});
  assert.deepEqual(await lobbies.only("lobby_deleted"), { id });
  await bobsThird.end();
  await bob.user.only("updated");

  // An event of the client on a lobby channel closes the channel.
  const talkative = ann.tap(`lobby:${elsewhere.id}`);
  await talkative.join();
  await talkative.only("updated");
  assert.deepEqual(await talkative.push("nonsense", {}), { error: { error: "unknown_event" } });
  await talkative.end();

  // Stored notifications are pushed again with the next join; no other push has arrived.
  await bob.user.leave();
  await bob.joinUser();
  await bob.user.only("updated");
  assert.equal((await bob.user.only("notification")).id, notice.id);
  await bob.user.push("nonsense", {});
  await ann.user.push("nonsense", {});
  for (const tap of [ann.user, bob.user, annsLobby, bobsSecond, bobsThird, lobbies]) {
    assert.deepEqual(tap.pushes, [], tap.channel.topic);
  }
});
