// Opens data channels to a node with two independent clients, headless Chromium and the npm package
// werift, and calls a function of an extension over them.
import assert from "node:assert/strict";
import { RTCPeerConnection } from "werift";
import WebSocketClient from "ws";
import { launch } from "./browser.mjs";
import { Player, run } from "./client.mjs";

globalThis.WebSocket ??= WebSocketClient;

/**
 * Signals over a Phoenix socket, opens both usual channels, calls `echo` over the reliable one, and
 * resolves with what the client saw. Runs in Node and, as source text, in the browser.
 */
async function talk(newPeer, address, id) {
  const topic = `user:${id}`;
  const seen = { states: [], channels: [], order: [] };
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("the socket could not be opened"));
  });
  let ref = 0;
  const replies = new Map();
  const call = (event, payload) =>
    new Promise((resolve) => {
      ref += 1;
      replies.set(String(ref), resolve);
      socket.send(JSON.stringify(["1", String(ref), topic, event, payload]));
    });
  const peer = newPeer();
  let answered;
  const answer = new Promise((resolve) => { answered = resolve; });
  const early = [];
  socket.onmessage = async ({ data }) => {
    const [, replyTo, , event, payload] = JSON.parse(data);
    if (event === "phx_reply") replies.get(replyTo)?.(payload);
    if (event.startsWith("webrtc:")) seen.order.push(event);
    if (event === "webrtc:answer") {
      await peer.setRemoteDescription(payload);
      answered();
      for (const candidate of early) await peer.addIceCandidate(candidate);
    }
    if (event === "webrtc:ice") {
      if (peer.remoteDescription) await peer.addIceCandidate(payload);
      else early.push(payload);
    }
    if (event === "webrtc:state") seen.states.push(payload.state);
    if (event === "webrtc:channel_open") seen.channels.push(payload.channel);
  };
  await call("phx_join", {});
  peer.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) {
      const { candidate: text, sdpMid, sdpMLineIndex } = candidate;
      call("webrtc:ice", { candidate: text, sdpMid: sdpMid ?? "0", sdpMLineIndex: sdpMLineIndex ?? 0 });
    }
  };
  const events = peer.createDataChannel("events", { ordered: true });
  const state = peer.createDataChannel("state", { ordered: false, maxRetransmits: 0 });
  const opened = (channel) =>
    new Promise((resolve) => {
      if (channel.readyState === "open") resolve();
      else channel.onopen = resolve;
    });
  const received = new Promise((resolve) => {
    events.onmessage = ({ data }) => resolve(JSON.parse(String(data)));
  });
  await peer.setLocalDescription(await peer.createOffer());
  const { sdp, type } = peer.localDescription;
  seen.offer = (await call("webrtc:offer", { sdp, type })).status;
  await answer;
  await Promise.all([opened(events), opened(state)]);
  events.send(JSON.stringify({ type: "call_hook", plugin: "game", fn: "echo", args: ["hi"] }));
  seen.reply = await received;
  seen.close = (await call("webrtc:close", {})).status;
  peer.close();
  socket.close();
  return seen;
}

function check(name, seen) {
  assert.equal(seen.offer, "ok", name);
  assert.deepEqual(seen.reply, { type: "hook_reply", plugin: "game", fn: "echo", data: "hi" }, name);
  assert.deepEqual(seen.channels.toSorted(), ["events", "state"], name);
  assert.deepEqual(seen.states, ["new", "connecting", "connected"], name);
  const first = (event) => seen.order.indexOf(event);
  assert.ok(first("webrtc:answer") < first("webrtc:ice"), `${name}: ${seen.order}`);
  assert.equal(seen.close, "ok", name);
}

await run(async (base, executablePath, userDataDir) => {
  const name = `${Date.now()}-${process.pid}`;
  const socketOf = (player) =>
    `${base.replace("http", "ws")}/socket/websocket?vsn=2.0.0&token=${encodeURIComponent(player.token)}`;
  const ann = await Player.signIn(base, `ann-${name}`);
  check("werift", await talk(() => new RTCPeerConnection({ iceServers: [] }), socketOf(ann), ann.id));
  const browser = await launch(executablePath, userDataDir);
  try {
    const page = await browser.newPage();
    await page.goto(`${base}/health/live`);
    const bob = await Player.signIn(base, `bob-${name}`);
    const source = `(${talk.toString()})(() => new RTCPeerConnection(), ${JSON.stringify(socketOf(bob))}, ${bob.id})`;
    check("Chromium", await page.evaluate(source));
  } finally {
    await browser.close();
  }
});
